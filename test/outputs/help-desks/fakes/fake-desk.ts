/** A help desk on loopback, as its reference describes it, for the tests that all desks pass. */
import type { FakeApi } from "../../../sync/fakes/fake-api.ts";

export interface FakeConversation {
  /** Of the customer. */
  readonly address: string;
  readonly subject: string;
  /** Of the customer's mail, with brackets. */
  readonly messageId: string;
}

export interface FakeDesk {
  readonly api: FakeApi;
  /** In `helpDesks`, without `id` and `url`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The API shows no Message-IDs of customers' mail. */
  readonly isBlind?: true;
  /** A conversation of a customer's mail and an agent's reply to it. */
  add(conversation: FakeConversation): AddedConversation;
  /** What agents alone see there, as it was sent. */
  notes(id: string): readonly string[];
  tags(id: string): readonly string[];
}

export interface AddedConversation {
  readonly id: string;
  /** Message-ID of the agent's reply, with brackets; null where the API does not show it. */
  readonly reply: string | null;
}

export const KEY = "the-key-of-the-desk";
