import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { codeOf, messageOf } from "../machine/error-message.ts";
import {
  fail,
  isLocalName,
  ok,
  skip,
  warn,
  type Check,
  type CheckContext,
  type Finding,
  type Resolver,
} from "./check.ts";
import { openDialogue } from "../smtp/dialogue.ts";

const NOT_THERE = new Set(["ENOTFOUND", "ENODATA"]);

/** MX of each bounce domain leads here, its SPF covers it as envelope sender, the host's address has a name. */
export const checkDns: Check = async (context) => {
  const { BOUNCED_DOMAINS: domains } = context.config;
  const local = domains.filter(isLocalName);
  const findings = await Promise.all(
    domains.filter((domain) => !isLocalName(domain)).map((domain) => checkDomain(domain, context)),
  );
  const skipped =
    local.length > 0 ? [skip(`mx ${local[0]}`, `no DNS to check for local domains (${local.join(", ")})`)] : [];
  return [...skipped, ...unique(findings.flat())];
};

async function checkDomain(domain: string, context: CheckContext): Promise<Finding[]> {
  const { resolver } = context;
  const mx = await readMx(domain, resolver);
  const arrivals = await Promise.all(
    mx.hosts.flatMap(({ host, addresses }) => addresses.map((address) => checkArrival(host, address, context))),
  );
  const names = await Promise.all(mx.hosts.map((host) => checkPtr(host, resolver)));
  return [mx.finding, ...arrivals, await checkSpf(domain, resolver), ...names.flat()];
}

/** Domains often share a host; what is true of it is said once. */
const unique = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((each) => [each.id, each])).values(),
];

interface MxHost {
  readonly host: string;
  readonly addresses: readonly string[];
}

async function readMx(
  domain: string,
  resolver: Resolver,
): Promise<{ readonly finding: Finding; readonly hosts: readonly MxHost[] }> {
  const id = `mx ${domain}`;
  const todo = `publish an MX record:  ${domain}. IN MX 10 <name of this machine>.`;
  const none = (finding: Finding) => ({ finding, hosts: [] });
  try {
    const records = [...(await resolver.resolveMx(domain))].sort((a, b) => a.priority - b.priority);
    if (records.length === 0) return none(fail(id, `${domain} has no MX record`, todo));
    if (records.some(({ exchange }) => exchange === "" || exchange === "."))
      return none(fail(id, `${domain} has a null MX: it accepts no mail`, todo));
    const hosts = await Promise.all(
      records.map(async ({ exchange }) => ({ host: exchange, addresses: await addressesOf(exchange, resolver) })),
    );
    const blank = hosts.filter(({ addresses }) => addresses.length === 0).map(({ host }) => host);
    if (blank.length > 0)
      return {
        finding: fail(id, `the MX ${blank.join(", ")} has no address`, `give ${blank.join(", ")} an A or AAAA record`),
        hosts,
      };
    const where = hosts.map(({ host, addresses }) => `${host} (${addresses.join(", ")})`).join(", then ");
    return { finding: ok(id, `bounces for ${domain} go to ${where}`), hosts };
  } catch (error) {
    if (NOT_THERE.has(codeOf(error))) return none(fail(id, `${domain} has no MX record`, todo));
    return none(noAnswer(id, domain, error));
  }
}

const noAnswer = (id: string, domain: string, error: unknown): Finding =>
  warn(
    id,
    `DNS did not answer for ${domain} (${codeOf(error) || messageOf(error)})`,
    "check this machine's resolver, then run doctor again",
  );

async function addressesOf(host: string, resolver: Resolver): Promise<string[]> {
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return found.flatMap((result) => (result.status === "fulfilled" ? [...result.value] : []));
}

/** Who answers where the internet delivers. From inside a network that can look worse than it is, hence the warnings. */
async function checkArrival(host: string, address: string, { mxPort }: CheckContext): Promise<Finding> {
  const id = `port-25 ${address}`;
  const place = `${host} (${address}), port ${mxPort}`;
  const isOwn = Object.values(networkInterfaces()).some((own) => own?.some((each) => each.address === address));
  try {
    const dialogue = await openDialogue(address, mxPort);
    const { greeting } = dialogue;
    dialogue.close();
    if (greeting === null)
      return warn(
        id,
        `${place} accepts connections but sends no greeting`,
        "see the service's log; a load balancer in front needs BOUNCED_PROXY_PROTOCOL (docs/operating.md)",
      );
    if (/^220 .*\bbounced\b/.test(greeting)) return ok(id, `bounced answers at ${place}`);
    return fail(
      id,
      `another mail server answers at ${place}: ${greeting}`,
      "point the MX at the machine that runs bounced, or let that server forward the domain (docs/proof.md)",
    );
  } catch (error) {
    const what = `nothing answers at ${place} (${messageOf(error)})`;
    if (isOwn)
      return fail(
        id,
        what,
        "that is this machine: set BOUNCED_SMTP_HOST=0.0.0.0 and BOUNCED_SMTP_PORT=25, start the service, open the firewall",
      );
    return warn(
      id,
      what,
      `many networks block port 25 and connections to themselves: try from another network with  nc -v ${host} ${mxPort}`,
    );
  }
}

async function checkSpf(domain: string, resolver: Resolver): Promise<Finding> {
  const id = `spf ${domain}`;
  const todo = `publish a TXT record at ${domain} that lists the servers that send your mail, e.g.  "v=spf1 ip4:192.0.2.10 -all": SPF checks the Return-Path's domain, not the From`;
  try {
    const records = (await resolver.resolveTxt(domain))
      .map((parts) => parts.join(""))
      .filter((text) => /^v=spf1(\s|$)/i.test(text));
    const [first] = records;
    if (first === undefined) return warn(id, `${domain} publishes no SPF record`, todo);
    if (records.length > 1)
      return fail(
        id,
        `${domain} publishes ${records.length} SPF records, which counts as an error`,
        "leave exactly one",
      );
    if (/\s[+?]?all\b/i.test(first))
      return warn(id, `${domain} publishes ${first}: everybody may send in its name`, "end the record with -all");
    return ok(id, `${domain} publishes ${first}`);
  } catch (error) {
    if (NOT_THERE.has(codeOf(error))) return warn(id, `${domain} publishes no SPF record`, todo);
    return noAnswer(id, domain, error);
  }
}

async function checkPtr({ host, addresses }: MxHost, resolver: Resolver): Promise<Finding[]> {
  const todo = "only needed if the same machine also sends mail: ask your provider to set it";
  return Promise.all(
    addresses.map(async (address) => {
      const id = `ptr ${address}`;
      try {
        const names = await resolver.resolvePtr(reverseNameOf(address));
        const isSame = names.some((name) => name.toLowerCase() === host.toLowerCase());
        if (isSame) return ok(id, `${address} is named ${host}`);
        return warn(id, `${address} is named ${names.join(", ") || "nothing"} in DNS (PTR), not ${host}`, todo);
      } catch {
        return warn(id, `${address} has no name in DNS (PTR)`, todo);
      }
    }),
  );
}

/** RFC 1035 section 3.5, RFC 3596 section 2.5. Not `reverse()`, which believes /etc/hosts, where machines name themselves. */
function reverseNameOf(address: string): string {
  const parsed = ipaddr.parse(address);
  const [digits, zone] =
    parsed.kind() === "ipv4"
      ? [parsed.toByteArray().map(String), "in-addr"]
      : [Buffer.from(parsed.toByteArray()).toString("hex").split(""), "ip6"];
  return `${digits.toReversed().join(".")}.${zone}.arpa`;
}
