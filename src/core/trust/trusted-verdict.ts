/** A verdict as it may be said: nobody is told to remove an address because of what a stranger can write. */
import { sentencesFor } from "../../explanations/explanation.ts";
import { EXPLANATION_LANGUAGES, type ExplanationLanguage } from "../../explanations/shape.ts";
import type { Advice, Authenticity, Reason } from "../../event/event.ts";
import { credibleAdvice } from "../../event/credible.ts";

const NOTE: Readonly<Record<ExplanationLanguage, string>> = {
  en: "Nothing proves that this report is about mail you sent, so check before you remove the address.",
  ja: "この通知が実際に送信したメールについてのものだと証明できないため、アドレスを削除する前に確認してください。",
  de: "Nichts belegt, dass es um eine von Ihnen gesendete Nachricht geht; prüfen Sie das, bevor Sie die Adresse entfernen.",
  fr: "Rien ne prouve que ce rapport concerne un message que vous avez envoyé ; vérifiez avant de retirer l'adresse.",
  es: "Nada demuestra que este informe trate de un mensaje que usted envió; compruébelo antes de eliminar la dirección.",
};

interface Said {
  readonly reason: Reason;
  readonly advice: Advice;
  readonly explanation: string;
  readonly provider: string | null;
  readonly derivedStatus: string | null;
}

/** The same where it is credible or asks for no suppression; else it advises to investigate, and says why. */
export function trusted<Verdict extends Said>(
  verdict: Verdict,
  { authenticity, status, language }: { authenticity: Authenticity; status: string | null; language: string },
): Verdict {
  const advice = credibleAdvice(verdict.advice, authenticity);
  if (advice === verdict.advice) return verdict;
  const { reason, provider, derivedStatus } = verdict;
  const explanation = doubtfulExplanation(reason, { language, provider, status: status ?? derivedStatus });
  return { ...verdict, advice, explanation };
}

/** The explanation of `reason`, with what to do replaced. */
function doubtfulExplanation(
  reason: Reason,
  { language, provider, status }: { language: string; provider: string | null; status: string | null },
): string {
  const known = EXPLANATION_LANGUAGES.find((one) => one === language) ?? "en";
  const [whatHappened] = sentencesFor(reason, { language: known, provider, status });
  return `${whatHappened}${known === "ja" ? "" : " "}${NOTE[known]}`;
}
