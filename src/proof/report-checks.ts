/**
 * What can be found out about a report itself: its own DKIM signature and ARC chain, SPF of MAIL FROM or of HELO, and
 * whether the host that brought it is one that the report names, or one of the recipient's provider. All of it needs DNS, so it is asked for reports alone that nothing of
 * ours proves; it takes two seconds at most, and what cannot be had is said as such.
 *
 * DKIM2 (draft-ietf-dkim-dkim2-spec) signs a DSN along the way that the message took. It is a check of its own here once
 * it is an RFC: another word in SIGNAL_CHECKS, another entry in the list of `check` below.
 */
import { latin1, onlyAddressIn, type RawField, rawFieldsOf, valueOf } from "../core/index.ts";
import type { ReportSignal, SignalCheck } from "../event/event.ts";
import { inTime } from "../machine/in-time.ts";
import type { DnsAnswers } from "./dns-answers.ts";
import { checkHost, checkProvider, isPublic, type ProviderOfHost } from "./host-checks.ts";
import { signal, type CheckedReport } from "./checked-report.ts";

/** Never rejects. */
export type CheckReport = (report: CheckedReport) => Promise<readonly ReportSignal[]>;

const LIMIT_MS = 2000;
/** A provider signs once or twice; a stranger may write thousands. */
const MAX_SIGNATURES = 4;
const MAX_ARC_SETS = 5;
/** Lines of the header: mailauth's time grows with their square. */
const MAX_LINES = 600;
const MAX_HEADER = 32 * 1024;

export const createReportChecks =
  (resolver: DnsAnswers, providerOfHost: ProviderOfHost): CheckReport =>
  async (report) => {
    // The first time this takes a while, and no name server is to blame for that.
    if (spfIdentityOf(report) || SIGNED.test(latin1(report.octets.subarray(0, MAX_HEADER)))) await loadMailauth();
    const found = await Promise.all([
      checkInTime("dkim", () => checkSignatures(report, resolver)),
      checkInTime("spf", () => checkSpf(report, resolver)),
      checkInTime("host", () => checkHost(report, resolver)),
      checkInTime("provider", () => checkProvider(report, resolver, providerOfHost)),
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
const checkInTime = (
  check: SignalCheck,
  ask: () => Promise<readonly ReportSignal[]>,
): Promise<readonly ReportSignal[]> =>
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

interface SpfIdentity {
  readonly sender: string;
  readonly domain: string;
  readonly helo: string;
  readonly name: "MAIL FROM" | "HELO";
}

/** Whom SPF is about (RFC 7208 section 2.4): MAIL FROM; of the null one, which reports have, postmaster at the HELO name. */
function spfIdentityOf({ reversePath, helo }: CheckedReport): SpfIdentity | null {
  if (reversePath === "") {
    return helo === undefined ? null : { sender: `postmaster@${helo}`, domain: helo, helo, name: "HELO" };
  }
  const domain = /@([^@\s]{1,253})$/.exec(reversePath ?? "")?.[1]?.toLowerCase();
  return reversePath === null || domain === undefined
    ? null
    : { sender: reversePath, domain, helo: helo ?? domain, name: "MAIL FROM" };
}

async function checkSpf(report: CheckedReport, resolver: DnsAnswers): Promise<readonly ReportSignal[]> {
  const identity = spfIdentityOf(report);
  const ip = report.remoteAddress;
  if (identity === null || !isPublic(ip)) return [];
  const { sender, domain, helo, name } = identity;
  const { spf } = await import("mailauth/lib/spf/index.js");
  const { status } = await spf({ sender, ip, helo, mta: "bounced", resolver });
  const result = SPF_RESULTS.get(status.result) ?? "none";
  return [signal("spf", result, domain, `${name}: ${status.result} for ${ip}`)];
}

const SPF_RESULTS: ReadonlyMap<string, ReportSignal["result"]> = new Map([
  ["pass", "pass"],
  ["fail", "fail"],
  ["softfail", "fail"],
  ["permerror", "fail"],
  ["temperror", "unknown"],
]);
