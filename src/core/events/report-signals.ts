/** What an event says of the report itself. */
import { cleanText } from "../fields/clean-text.ts";
import type { ReportSignal } from "../../event/event.ts";
import type { MessageInput } from "./message-input.ts";
import type { SignedMail } from "../proof/dkim/verify.ts";
import type { ReadSettings } from "./read-settings.ts";

/** Of a message: more say nothing more. */
const MAX_SIGNALS = 12;

export function signalsOf({
  input,
  settings,
  signed = [],
}: {
  readonly input: Pick<MessageInput, "remoteAddress" | "signals">;
  readonly settings: Pick<ReadSettings, "isReporter">;
  readonly signed?: readonly SignedMail[];
}): ReportSignal[] {
  const { remoteAddress, signals = [] } = input;
  const own = signed.map(({ domain, id }): ReportSignal => ({
    check: "own_signature",
    result: "pass",
    domain,
    detail: id,
  }));
  const isOurs = remoteAddress !== null && (settings.isReporter?.(remoteAddress) ?? false);
  if (own.length + signals.length === 0 && !isOurs) return [];
  const all = [...own, ...(isOurs ? [reporterSignal(remoteAddress)] : []), ...signals].map(cleaned);
  // What is read again brings along what was found when it came.
  return [
    ...new Map(all.map((signal) => [`${signal.check} ${signal.domain} ${signal.detail}`, signal])).values(),
  ].slice(0, MAX_SIGNALS);
}

const reporterSignal = (remoteAddress: string): ReportSignal => ({
  check: "reporter",
  result: "pass",
  domain: null,
  detail: remoteAddress,
});

const cleaned = ({ check, result, domain, detail }: ReportSignal): ReportSignal => ({
  check,
  result,
  domain: cleanText(domain, 255),
  detail: cleanText(detail, 320),
});
