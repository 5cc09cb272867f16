/** What to do about a report that nothing proves, in place of "remove the address". */
import { sentencesFor } from "../classify/explanation.ts";
import { EXPLANATION_LANGUAGES, type ExplanationLanguage } from "../classify/explanations/shape.ts";
import type { Reason } from "../event.ts";

const NOTE: Readonly<Record<ExplanationLanguage, string>> = {
  en: "Nothing proves that this report is about mail you sent, so check before you remove the address.",
  ja: "この通知が実際に送信したメールについてのものだと証明できないため、アドレスを削除する前に確認してください。",
  de: "Nichts belegt, dass es um eine von Ihnen gesendete Nachricht geht; prüfen Sie das, bevor Sie die Adresse entfernen.",
  fr: "Rien ne prouve que ce rapport concerne un message que vous avez envoyé ; vérifiez avant de retirer l'adresse.",
  es: "Nada demuestra que este informe trate de un mensaje que usted envió; compruébelo antes de eliminar la dirección.",
};

/** The explanation of `reason` with that sentence as the second one. */
export function doubtfulExplanation(
  reason: Reason,
  { language, provider, status }: { language: string; provider: string | null; status: string | null },
): string {
  const known = EXPLANATION_LANGUAGES.find((one) => one === language) ?? "en";
  const [whatHappened] = sentencesFor(reason, { language: known, provider, status });
  return `${whatHappened}${known === "ja" ? "" : " "}${NOTE[known]}`;
}
