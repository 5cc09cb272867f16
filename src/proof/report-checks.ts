/**
 * What can be found out about a report itself: its own DKIM signature and ARC chain, SPF of the host that brought it, and
 * whether that host is one that the report names. All of it needs DNS, so it is asked for reports alone that nothing of
 * ours proves; it takes two seconds at most, and what cannot be had is said as such.
 *
 * DKIM2 (draft-ietf-dkim-dkim2-spec) signs a DSN along the way that the message took. It is a check of its own here once
 * it is an RFC: another word in SIGNAL_CHECKS, another entry in the list of `check` below.
 */
import ipaddr from "ipaddr.js";
import { latin1, onlyAddressIn, type RawField, rawFieldsOf, valueOf } from "../core/index.ts";
import type { ReportSignal } from "../event/event.ts";
import { inTime } from "../machine/in-time.ts";
import type { DnsAnswers } from "./dns-answers.ts";

export interface CheckedReport {
  readonly octets: Uint8Array;
  readonly truncated: boolean;
  readonly remoteAddress: string | null;
  readonly reversePath: string | null;
  /** Hosts that the report names: who wrote it, who refused. */
  readonly hosts: readonly string[];
}

/** Never rejects. */
export type CheckReport = (report: CheckedReport) => Promise<readonly ReportSignal[]>;

const LIMIT_MS = 2000;
/** A provider signs once or twice; a stranger may write thousands. */
const MAX_SIGNATURES = 4;
const MAX_ARC_SETS = 5;
/** Lines of the header: mailauth's time grows with their square. */
const MAX_LINES = 600;
const MAX_HEADER = 32 * 1024;
const MAX_HOSTS = 2;

type Check = ReportSignal["check"];
const signal = (
  check: Check,
  result: ReportSignal["result"],
  domain: string | null = null,
  detail: string | null = null,
): ReportSignal => ({ check, result, domain, detail });

export const createReportChecks =
  (resolver: DnsAnswers): CheckReport =>
  async (report) => {
    // The first time this takes a while, and no name server is to blame for that.
    if (report.reversePath || SIGNED.test(latin1(report.octets.subarray(0, MAX_HEADER)))) await loadMailauth();
    const found = await Promise.all([
      checkInTime("dkim", () => checkSignatures(report, resolver)),
      checkInTime("spf", () => checkSpf(report, resolver)),
      checkInTime("host", () => checkHost(report, resolver)),
    ]);
    return found.flat();
  };

const SIGNED = /^(?:dkim-signature|arc-seal)[ \t]*:/im;

const loadMailauth = (): Promise<unknown> =>
  Promise.all([
    import("mailauth/lib/dkim/verify.js"),
    import("mailauth/lib/arc/index.js"),
    import("mailauth/lib/spf/index.js"),
  ]).catch(() => undefined);

/** What is late or fails says nothing about the report. */
const checkInTime = (check: Check, ask: () => Promise<readonly ReportSignal[]>): Promise<readonly ReportSignal[]> =>
  inTime(LIMIT_MS, ask(), () => [signal(check, "unknown", null, "no answer in time")]).catch(() => [
    signal(check, "unknown", null, "could not be checked"),
  ]);

async function checkSignatures(
  { octets, truncated }: CheckedReport,
  resolver: DnsAnswers,
): Promise<readonly ReportSignal[]> {
  const header = headerIn(octets);
  const fields = rawFieldsOf(header ?? octets.subarray(0, MAX_HEADER));
  const count = (wanted: string): number => fields.filter(({ name }) => name === wanted).length;
  const signatures = count("dkim-signature");
  const seals = count("arc-seal");
  if (signatures + seals === 0) return [signal("dkim", "none")];
  if (truncated) return [signal("dkim", "unknown", null, "only the beginning of the message is kept")];
  if (header === null || signatures > MAX_SIGNATURES || seals > MAX_ARC_SETS)
    return [signal("dkim", "unknown", null, "too much to check")];
  // Two readers of a header agree on one that is nothing but fields: else each sees another From.
  if (!isNothingButFields(header, fields)) return [signal("dkim", "unknown", null, "the header is damaged")];
  const [{ dkimVerify }, { arc }] = await Promise.all([
    import("mailauth/lib/dkim/verify.js"),
    import("mailauth/lib/arc/index.js"),
  ]);
  const options = { resolver, minBitLength: 1024, strict: true } as const;
  // With every line end as it was signed: mailauth takes a chunk for each bare LF.
  const whole = Buffer.from(Buffer.from(octets).toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");
  const verified = await dkimVerify(whole, options);
  const from = onlyFrom(fields);
  const isSameFrom = verified.fromFields === 1 && verified.headerFrom?.[0]?.toLowerCase() === from?.toLowerCase();
  const own = (verified.results ?? []).slice(0, MAX_SIGNATURES).map(({ signingDomain, status, ...result }) => {
    const covers = (result.signingHeaders?.keys ?? "")
      .toLowerCase()
      .split(/\s*:\s*/)
      .includes("from");
    // What follows the signed beginning of a body (`l=`) is anybody's.
    const isWhole = !result.canonBodyLengthLimited && result.signatureTimeValid !== false;
    const domain = signingDomain?.toLowerCase() || null;
    return status.result === "pass" && isWhole
      ? signal("dkim", "pass", domain, covers && isSameFrom ? from : null)
      : signal("dkim", status.result === "temperror" ? "unknown" : "fail", domain);
  });
  const chain = seals === 0 || !verified.arc ? null : await arc(verified.arc as Parameters<typeof arc>[0], options);
  const dkim = own.length > 0 ? own : [signal("dkim", "none")];
  return chain === null ? dkim : [...dkim, arcSignal(chain)];
}

/** Of the last seal: whoever forwarded it last. It says what others say, and vouches for nothing. */
function arcSignal({
  status,
  signature,
}: {
  readonly status: { readonly result: string };
  readonly signature?: { readonly signingDomain?: string } | false;
}): ReportSignal {
  const domain = (signature && signature.signingDomain?.toLowerCase()) || null;
  return signal("arc", status.result === "pass" ? "pass" : status.result === "none" ? "none" : "fail", domain);
}

/** Up to the first blank line; null where it is longer than any server writes one. */
function headerIn(octets: Uint8Array): Uint8Array | null {
  const text = latin1(octets.subarray(0, MAX_HEADER));
  const end = /\r?\n\r?\n/.exec(text)?.index;
  return end === undefined || text.slice(0, end).split("\n").length > MAX_LINES ? null : octets.subarray(0, end);
}

const isNothingButFields = (header: Uint8Array, fields: readonly RawField[]): boolean =>
  latin1(header).split("\n").length === fields.reduce((lines, { text }) => lines + text.split("\r\n").length, 0);

/** Null where there are several, or more than one address in it: nobody knows which one a reader shows. */
function onlyFrom(fields: readonly RawField[]): string | null {
  const [only, ...more] = fields.filter(({ name }) => name === "from");
  return only && more.length === 0 ? onlyAddressIn(valueOf(only)) : null;
}

/** Of MAIL FROM. A report has none, and then nothing is asked. */
async function checkSpf(
  { reversePath, remoteAddress }: CheckedReport,
  resolver: DnsAnswers,
): Promise<readonly ReportSignal[]> {
  const domain = /@([^@\s]{1,253})$/.exec(reversePath ?? "")?.[1]?.toLowerCase();
  if (!reversePath || domain === undefined || !isPublic(remoteAddress)) return [];
  const { spf } = await import("mailauth/lib/spf/index.js");
  const { status } = await spf({
    sender: reversePath,
    ip: remoteAddress,
    helo: domain,
    mta: "bounced",
    resolver,
  });
  const result = SPF_RESULTS.get(status.result) ?? "none";
  return [signal("spf", result, domain, `${status.result} for ${remoteAddress}`)];
}

const SPF_RESULTS: ReadonlyMap<string, ReportSignal["result"]> = new Map([
  ["pass", "pass"],
  ["fail", "fail"],
  ["softfail", "fail"],
  ["permerror", "fail"],
  ["temperror", "unknown"],
]);

/** Whether one of the hosts that the report names has the address that it came from. */
async function checkHost(
  { hosts, remoteAddress }: CheckedReport,
  resolver: DnsAnswers,
): Promise<readonly ReportSignal[]> {
  const names = [...new Set(hosts.map((host) => host.toLowerCase()))].filter(isHostName).slice(0, MAX_HOSTS);
  if (names.length === 0 || !isPublic(remoteAddress)) return [];
  const remote = ipaddr.process(remoteAddress);
  const type = remote.kind() === "ipv4" ? "A" : "AAAA";
  const answers = await Promise.all(names.map((name) => resolver(name, type).catch(() => null)));
  const at = answers.findIndex((addresses) => addresses?.some((address) => isSame(address, remote)));
  if (at >= 0) return [signal("host", "pass", names[at], `${remoteAddress} is an address of it`)];
  const known = answers.findIndex((addresses) => addresses !== null && addresses.length > 0);
  return known < 0
    ? [signal("host", "none", names[0], "it has no address in DNS")]
    : [signal("host", "fail", names[known], `${remoteAddress} is no address of it`)];
}

const isSame = (address: unknown, remote: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  typeof address === "string" && ipaddr.isValid(address) && ipaddr.process(address).toString() === remote.toString();

const isHostName = (host: string): boolean => /^(?=.{4,253}$)(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}$/.test(host);

/** A private address is a relay in front: what brought the report to it is not known. */
function isPublic(address: string | null): address is string {
  return address !== null && ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}
