/** Whether people speak here: they quote reports when they answer or ask, lists and newsletters talk about them. */
import { isAnswerSubject } from "../formats/answers/answer-words.ts";
import { headerOf, type Mail } from "../mail.ts";
import type { Notice } from "./notice.ts";

export const isReply = (notice: Notice): boolean => isAnswerSubject(notice.subject);

export const isConversation = (mail: Mail, notice: Notice): boolean =>
  isReply(notice) ||
  mail.headers.some(({ name }) => name === "list-id" || name === "list-unsubscribe" || name === "references");

/** A reverse-path that is not null, nor the MAILER-DAEMON that old servers write for it: whoever wrote takes answers. */
export const hasReversePath = (mail: Mail): boolean =>
  !/^[\s<]*(?:mailer-daemon)?[\s>]*$/i.test(headerOf(mail, "return-path") ?? "");
