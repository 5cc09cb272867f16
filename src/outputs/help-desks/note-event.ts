/**
 * One event -> a note on the conversation that its mail belongs to, once. Resolves when the note is there, or when there is
 * nothing to write; rejects when it must be tried again. A note that was written without an answer to it is recognised by
 * the event's id before it is written again.
 */
import { UnrecoverableError } from "bullmq";
import type { BouncedEvent } from "../../event/event.ts";
import { messageOf } from "../../machine/error-message.ts";
import { TryLater } from "../../queues/try-later.ts";
import { AnswerTooLong, AskedToWait, ProviderTrouble, RefusedRequest } from "../api/errors.ts";
import type { Breaker } from "../breaker.ts";
import { UnsafeAddress } from "../safe-address.ts";
import type { DeskDelivery, DeskOutcome } from "./desk-log.ts";
import { ANY_MARKER, deskNoteOf, markerOf } from "./desk-note.ts";
import { findConversation, soughtOf, type Found } from "./find.ts";
import { ConversationGone, type HelpDesk } from "./help-desk.ts";
import type { HelpDeskSettings } from "./settings.ts";

/** Desks index new mail with a delay, and a bounce can be faster: after this the conversation is looked for once more. */
const SECOND_LOOK_MS = 2 * 60_000;

/** A note can cause a mail, whose bounce causes a note: a conversation with so many has enough. */
const MOST_NOTES = 10;

export interface NoteDeps {
  readonly desk: HelpDesk;
  readonly breaker: Breaker;
  /** Until when the desk asked for no more requests. */
  readonly patience: Patience;
  readonly log: (delivery: DeskDelivery) => Promise<void>;
  readonly now?: () => number;
}

/** Shared by all that is sent to one desk. */
export interface Patience {
  until: number;
}

export async function noteEvent(
  settings: HelpDeskSettings,
  event: BouncedEvent,
  { desk, breaker, patience, log, now = Date.now }: NoteDeps,
): Promise<void> {
  const at = now();
  if (patience.until > at)
    throw new TryLater(`${settings.id} asked to wait`, { ms: patience.until - at, isUsual: true });
  const pauseMs = breaker.openFor(at);
  if (pauseMs > 0)
    throw new Error(`${settings.id} is paused for ${Math.ceil(pauseMs / 1000)} s after failures in a row`);
  const startedAt = performance.now();
  const done = (outcome: DeskOutcome, found: Found | null, error = ""): Promise<void> =>
    log({
      at: new Date(at).toISOString(),
      eventId: event.id,
      outcome,
      conversation: found?.conversation.id ?? "",
      foundBy: found?.by ?? "",
      ms: Math.round(performance.now() - startedAt),
      error,
    });
  let found: Found | null = null;
  try {
    const sought = soughtOf(event, settings.header);
    found = sought && (await findConversation(desk, sought, settings));
    if (found === null) {
      if (sought !== null) breaker.succeeded();
      await done("not_found", null);
    } else {
      const { outcome, error } = await write(settings, event, desk, found);
      breaker.succeeded();
      await done(outcome, found, error);
    }
  } catch (error) {
    if (error instanceof AskedToWait) {
      patience.until = Math.max(patience.until, now() + error.ms);
      await done("failed", found, error.message);
      throw new TryLater(`${settings.id}: ${error.message}`, { ms: error.ms, cause: error });
    }
    if (isFinal(error)) {
      await done("given_up", found, saidOf(error));
      throw new UnrecoverableError(`${settings.id}: ${saidOf(error)}`);
    }
    if (error instanceof ProviderTrouble) {
      breaker.failed(at);
      await done("failed", found, saidOf(error));
    }
    throw error;
  }
  const age = at - Date.parse(event.message.receivedAt ?? "");
  if (found === null && age < SECOND_LOOK_MS)
    throw new TryLater("no conversation yet", { ms: SECOND_LOOK_MS - Math.max(age, 0), isUsual: true });
}

async function write(
  settings: HelpDeskSettings,
  event: BouncedEvent,
  desk: HelpDesk,
  { conversation, by }: Found,
): Promise<{ readonly outcome: DeskOutcome; readonly error: string }> {
  const marker = markerOf(event);
  const isThere = conversation.texts.some((text) => text.includes(marker));
  if (!isThere && conversation.texts.filter((text) => ANY_MARKER.test(text)).length >= MOST_NOTES)
    throw new RefusedRequest(`there are ${MOST_NOTES} notes already`);
  if (!isThere) await desk.addNote(conversation, deskNoteOf(event, settings, by));
  const outcome = isThere ? "present" : "added";
  // A guess does not change what lists of conversations show.
  const { mark } = settings;
  if (mark === false || event.kind !== "bounce" || by === "subject" || conversation.tags.includes(mark))
    return { outcome, error: "" };
  try {
    await desk.mark(conversation, mark);
    return { outcome, error: "" };
  } catch (error) {
    // The note is what counts; the same tag would be refused again.
    if (error instanceof RefusedRequest || error instanceof ConversationGone)
      return { outcome, error: `not marked: ${saidOf(error)}` };
    throw error;
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof RefusedRequest ||
  error instanceof ConversationGone ||
  error instanceof AnswerTooLong ||
  (error instanceof ProviderTrouble && error.cause instanceof UnsafeAddress);

/** Without what the desk wrote in its answer: that may name people. */
const saidOf = (error: unknown): string =>
  error instanceof RefusedRequest && error.quotes ? `the request was refused (${error.status})` : messageOf(error);
