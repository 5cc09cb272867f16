/**
 * How far a report can be believed (docs/decisions/0005-authenticity.md). Anybody can send us a report that names
 * anybody; only `proven` and `likely` may change the suppression list.
 */
import type { Authenticity } from "../event.ts";
import type { OriginalMessage, Warning } from "../report.ts";
import { splitAddress, type ReturnPathReading } from "./reading.ts";
import type { ReturnPathSettings } from "./settings.ts";
import { foldAddress, readSigned } from "./signed.ts";

export interface AuthenticityQuestion {
  /** null: the message came without an envelope. */
  readonly returnPath: ReturnPathReading | null;
  /** As the report names them, of one recipient. */
  readonly finalRecipient: string | null;
  readonly originalRecipient: string | null;
  /** The returned message. */
  readonly original: OriginalMessage | null;
  /** `Original-Mail-From` of a feedback report, RFC 5965 section 3.2. */
  readonly originalMailFrom?: string | null;
  readonly receivedAt: Date | string | null;
  readonly settings: ReturnPathSettings;
}

export interface AuthenticityJudgement {
  readonly authenticity: Authenticity;
  readonly warnings: readonly Warning[];
}

type Agreement = "same" | "other" | "unknown";

export function judgeAuthenticity(question: AuthenticityQuestion): AuthenticityJudgement {
  const { returnPath, settings } = question;
  const path = returnPath && returnPath.check !== "unchecked" ? returnPath : (signedOriginal(question) ?? returnPath);
  if (!path) return judged("unproven");
  switch (path.check) {
    case "bad":
    case "unknown-key":
      return judged("forged");
    case "expired":
      return judged("unproven");
    case "valid":
    case "unchecked":
      break;
  }
  const agreement = agreementOf(path, question);
  if (agreement === "other") return mismatch(question);
  if (path.check === "valid") return judged(agreement === "same" && path === returnPath ? "proven" : "likely");
  // While signing is on, what proves nothing is worth nothing: VERP addresses and headers are easily made up.
  if (settings.secrets.length > 0) return judged("unproven");
  if (path.scheme === "verp" && agreement === "same") return judged("likely");
  return judged(isFromOurDomain(path, question.original) ? "likely" : "unproven");
}

const judged = (authenticity: Authenticity): AuthenticityJudgement => ({ authenticity, warnings: [] });

/** The report is about somebody else: a forwarded mail, or a forgery. It must not suppress either of them. */
const mismatch = ({ finalRecipient, originalRecipient }: AuthenticityQuestion): AuthenticityJudgement => ({
  authenticity: "unproven",
  warnings: [
    {
      code: "recipient-mismatch",
      field: finalRecipient === null ? "Original-Recipient" : "Final-Recipient",
      value: (finalRecipient ?? originalRecipient ?? "").slice(0, 200),
    },
  ],
});

/** Our own signed return path in what was returned: somebody who got our mail wrote this report. */
function signedOriginal({
  original,
  originalMailFrom,
  settings,
  receivedAt,
}: AuthenticityQuestion): ReturnPathReading | null {
  if (settings.secrets.length === 0) return null;
  const headers = ["return-path", "x-envelope-from", "x-original-return-path", "errors-to", "sender"];
  for (const value of [originalMailFrom, ...headers.map((name) => original?.headers.get(name))]) {
    const address = /[^\s<>]{1,400}@[^\s<>]{1,255}/.exec((value ?? "").slice(0, 1000))?.[0];
    const reading = address ? readSigned(address, settings, receivedAt) : null;
    if (reading?.check === "valid") return reading;
  }
  return null;
}

/** Feedback loops black out whom they speak of: `redacted@example.net`, `xxxxx@example.net`, `u***@example.net`. */
const REDACTED = /redacted|\*{2}|^x{3,}@/i;

/**
 * A report that names nobody is about whom the address was made for. One that names two (a forwarded mail) may name
 * the other as well, as long as the address itself says which is ours. Where it does not, the first one that the
 * report gives as ours must be: a forger who got our mail would put his victim there and himself beside.
 */
function agreementOf(
  path: ReturnPathReading,
  { finalRecipient, originalRecipient, returnPath }: AuthenticityQuestion,
): Agreement {
  const named = [originalRecipient, finalRecipient].flatMap((address) =>
    address === null || REDACTED.test(address) ? [] : [address],
  );
  const saysItself = path === returnPath && path.recipient !== null;
  const reported = saysItself ? named : named.slice(0, 1);
  const binds =
    path.bindsRecipient ??
    (path.recipient === null ? null : (to: string) => foldAddress(to) === foldAddress(path.recipient!));
  if (!binds) return "unknown";
  if (reported.length === 0) return path.recipient === null ? "unknown" : "same";
  return reported.some((address) => binds(address)) ? "same" : "other";
}

/** The returned message left from the domain that this report came to, or from the one above or below it. */
function isFromOurDomain(path: ReturnPathReading, original: OriginalMessage | null): boolean {
  const ours = splitAddress(path.address)?.domain;
  if (!original || !ours) return false;
  const envelopes = [original.returnPath, original.headers.get("x-envelope-from"), original.headers.get("sender")];
  return [...envelopes, original.from, original.messageId].some((text) => {
    const domain = splitAddress((text ?? "").replace(/^.*<|>.*$/gs, ""))?.domain;
    return domain !== undefined && isSameSite(domain, ours);
  });
}

/** Equal, or one is below the other; a top-level domain is nobody's. */
const isSameSite = (one: string, other: string): boolean =>
  one === other ||
  (one.includes(".") && other.endsWith(`.${one}`)) ||
  (other.includes(".") && one.endsWith(`.${other}`));
