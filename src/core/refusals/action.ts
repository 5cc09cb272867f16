import { findEnhancedStatus } from "../fields/enhanced-status.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import type { RefusalAction } from "../../event/smtp.ts";
import type { ReportedRefusalInput } from "./refusal.ts";

type Said = Pick<ReportedRefusalInput, "action" | "reply" | "diagnostic" | "status" | "replyCode">;

/** Where the report does not say what became of the mail, the class of the reply does. */
export function concludeAction({ action, reply, diagnostic, status, replyCode }: Said): RefusalAction {
  if (action !== undefined) return action;
  const text = reply ?? diagnostic ?? "";
  const code = replyCode ?? findReplyCode(text);
  const digit = code === null ? (status ?? findEnhancedStatus(text) ?? "5")[0] : String(code)[0];
  return digit === "2" ? "delivered" : digit === "4" ? "delayed" : "failed";
}
