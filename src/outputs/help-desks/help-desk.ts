/** A help desk, as the rest of this folder sees it. */

/** What was read of one conversation (ticket). */
export interface DeskConversation {
  /** As its API calls it: of letters, digits and `_`. */
  readonly id: string;
  readonly subject: string | null;
  /** Of whoever takes part, in lower case. */
  readonly addresses: readonly string[];
  /** Message-IDs of its mail, without brackets, and what `HelpDesk.keysOf` makes of those that the desk gives its own mail. */
  readonly keys: readonly string[];
  /** What was written in it: an event's id stands in its note. */
  readonly texts: readonly string[];
  readonly tags: readonly string[];
}

/** A note in the two notations that desks read. */
export interface FormattedNote {
  readonly html: string;
  readonly markdown: string;
}

/** Methods throw the errors of api/errors.ts, and ConversationGone. */
export interface HelpDesk {
  /** The Message-ID of a mail that the desk itself sent names its conversation or message. Empty for others. */
  keysOf(messageId: string): readonly string[];
  /** Conversations with a mail of this Message-ID, where the API can search by it. */
  search?(messageId: string): Promise<readonly string[]>;
  /** What `search` finds has that Message-ID, though the API may not show it. */
  readonly searchIsExact?: true;
  /** Conversations of this person, the latest first; five at most are read. */
  latest(address: string): Promise<readonly string[]>;
  /** Null: there is none of this id. */
  read(id: string): Promise<DeskConversation | null>;
  /** For agents alone. */
  addNote(conversation: DeskConversation, note: FormattedNote): Promise<void>;
  /** Adds the tag to those that the conversation has. */
  mark(conversation: DeskConversation, tag: string): Promise<void>;
  /** Proves the key; writes nothing. */
  check(): Promise<DeskCheck>;
}

export interface DeskCheck {
  /** Whose key it is, as a person would call it. */
  readonly who: string;
  /** What is missing though the key is right; null: nothing. */
  readonly problem: { readonly found: string; readonly todo: string } | null;
}

/** It was merged, moved or deleted since it was found. */
export class ConversationGone extends Error {
  override name = "ConversationGone";
}
