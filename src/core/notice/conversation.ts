/** Whether people speak here: they quote reports when they answer or ask, lists and newsletters talk about them. */
import { isAnswerSubject } from "./answer-words.ts";
import type { Mail } from "../mime/mail.ts";
import { hasReversePath } from "../mime/sender.ts";
import type { Notice } from "./notice.ts";

export const isReply = (notice: Notice): boolean => isAnswerSubject(notice.subject);

export const isConversation = (mail: Mail, notice: Notice): boolean =>
  isReply(notice) ||
  mail.headers.some(({ name }) => name === "list-id" || name === "list-unsubscribe" || name === "references");

/**
 * What the exact families ask for besides their grammar: a machine that writes them, or a subject of such reports over
 * mail that nobody sent from an address of his own. People and programs quote whole bounces to each other.
 */
export const isReportLike = (mail: Mail, notice: Notice): boolean =>
  notice.isMachineSender || (notice.isFailureSubject && !isConversation(mail, notice) && !hasReversePath(mail));
