import { messageOf } from "../error-message.ts";
import { fail, ok, skip, warn, type Check, type CheckContext, type Finding, type Resolver } from "./check.ts";

const isLocal = (domain: string): boolean =>
  domain === "localhost" || /\.(localhost|localdomain|test|invalid|example)$/.test(domain);

const NOT_THERE = new Set(["ENOTFOUND", "ENODATA"]);
const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

/** MX of each bounce domain leads here, its SPF covers it as envelope sender, the host's address has a name. */
export const checkDns: Check = async (context) => {
  const findings = await Promise.all(context.config.BOUNCED_DOMAINS.map((domain) => checkDomain(domain, context)));
  return findings.flat();
};

async function checkDomain(domain: string, { resolver }: CheckContext): Promise<Finding[]> {
  if (isLocal(domain)) return [skip(`mx ${domain}`, `${domain} is for trying out; it has no DNS to check`)];
  const mx = await checkMx(domain, resolver);
  return [mx.finding, await checkSpf(domain, resolver), ...(mx.host ? [await checkPtr(mx.host, resolver)] : [])];
}

async function checkMx(domain: string, resolver: Resolver): Promise<{ finding: Finding; host: string | null }> {
  const id = `mx ${domain}`;
  const todo = `publish an MX record:  ${domain}. IN MX 10 <name of this machine>.`;
  try {
    const records = [...(await resolver.resolveMx(domain))].sort((a, b) => a.priority - b.priority);
    const first = records[0];
    if (!first) return { finding: fail(id, `${domain} has no MX record`, todo), host: null };
    if (first.exchange === "")
      return { finding: fail(id, `${domain} has a null MX: it says that it takes no mail`, todo), host: null };
    const addresses = await addressesOf(first.exchange, resolver);
    if (addresses.length === 0)
      return {
        finding: fail(id, `the MX ${first.exchange} has no address`, `give ${first.exchange} an A or AAAA record`),
        host: null,
      };
    return {
      finding: ok(id, `bounces for ${domain} go to ${first.exchange} (${addresses.join(", ")})`),
      host: first.exchange,
    };
  } catch (error) {
    if (NOT_THERE.has(codeOf(error))) return { finding: fail(id, `${domain} has no MX record`, todo), host: null };
    return {
      finding: warn(
        id,
        `DNS did not answer for ${domain}: ${messageOf(error)}`,
        "check this machine's resolver, then run doctor again",
      ),
      host: null,
    };
  }
}

async function addressesOf(host: string, resolver: Resolver): Promise<string[]> {
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return found.flatMap((result) => (result.status === "fulfilled" ? [...result.value] : []));
}

async function checkSpf(domain: string, resolver: Resolver): Promise<Finding> {
  const id = `spf ${domain}`;
  const todo = `publish a TXT record at ${domain} that lists the servers that send your mail, e.g.  "v=spf1 ip4:192.0.2.10 -all": SPF checks the Return-Path's domain, not the From`;
  try {
    const records = (await resolver.resolveTxt(domain))
      .map((parts) => parts.join(""))
      .filter((text) => /^v=spf1(\s|$)/i.test(text));
    if (records.length === 1) return ok(id, `${domain} publishes ${records[0]}`);
    if (records.length > 1)
      return fail(
        id,
        `${domain} publishes ${records.length} SPF records, which counts as an error`,
        "leave exactly one",
      );
    return warn(id, `${domain} publishes no SPF record`, todo);
  } catch (error) {
    if (NOT_THERE.has(codeOf(error))) return warn(id, `${domain} publishes no SPF record`, todo);
    return warn(
      id,
      `DNS did not answer for ${domain}: ${messageOf(error)}`,
      "check this machine's resolver, then run doctor again",
    );
  }
}

async function checkPtr(host: string, resolver: Resolver): Promise<Finding> {
  const id = `ptr ${host}`;
  const [address] = await addressesOf(host, resolver);
  if (!address) return skip(id, `${host} has no address`);
  try {
    const names = await resolver.reverse(address);
    return ok(id, `${address} is named ${names.join(", ")}`);
  } catch {
    return warn(
      id,
      `${address} has no name in DNS (PTR)`,
      "only needed if the same machine also sends mail: ask your provider to set it",
    );
  }
}
