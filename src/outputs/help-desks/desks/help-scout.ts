/**
 * Help Scout, Mailbox API 2.0. Of mail that came in, the original source has the Message-ID; of its own mail the API shows
 * none, so a reply is found by the customer's mail that it answers.
 * https://developer.helpscout.com/mailbox-api/
 */
import { z } from "zod";
import { readSecret } from "../../api/calls.ts";
import { ProviderTrouble } from "../../api/errors.ts";
import { mailAddressesIn, bareId, openDeskCalls, queryOf } from "../desk-calls.ts";
import type { HelpDesk } from "../help-desk.ts";
import type { HelpDeskOf } from "../settings.ts";

const BASE = "https://api.helpscout.net";
const PER_SECOND = 3;
/** Customers' mails of one conversation whose source is read, the latest first. */
const SOURCES = 4;
/** A token that is about to end could end on its way. */
const SPARE_MS = 60_000;

const id = z.number().int().transform(String);
const text = z.string().nullish();
const person = z.looseObject({ email: text }).nullish();
const strings = z.array(z.string()).nullish();
const tokenSchema = z.object({ access_token: z.string(), expires_in: z.number() });
const listSchema = z.object({
  _embedded: z.looseObject({ conversations: z.array(z.looseObject({ id })) }).nullish(),
});
const thread = z.looseObject({
  id,
  type: text,
  body: text,
  to: strings,
  cc: strings,
  customer: person,
  source: z.looseObject({ type: text }).nullish(),
});
const conversationSchema = z.looseObject({
  id,
  subject: text,
  primaryCustomer: person,
  cc: strings,
  tags: z.array(z.looseObject({ tag: text })).nullish(),
  _embedded: z.looseObject({ threads: z.array(thread).nullish() }).nullish(),
});
const sourceSchema = z.looseObject({ original: text });
const meSchema = z.looseObject({ email: text });

export function openHelpScout(settings: HelpDeskOf<"helpscout">): HelpDesk {
  let token: { readonly value: string; readonly key: string; readonly until: number } | null = null;
  const signing = openDeskCalls(settings, { base: BASE, perSecond: PER_SECOND, sign: () => ({}) });
  const tokenOf = async (): Promise<string> => {
    const key = readSecret(settings);
    if (token === null || token.key !== key || token.until < Date.now()) {
      const form = { grant_type: "client_credentials", client_id: settings.appId, client_secret: key };
      const made = await signing.ask({ method: "POST", path: "/v2/oauth2/token", form }, tokenSchema).catch((cause) => {
        // OAuth says 400 of credentials that it does not know.
        throw cause instanceof Error && cause.name === "RefusedRequest"
          ? new ProviderTrouble("Help Scout does not accept the key (400)", { cause, status: 400 })
          : cause;
      });
      token = { value: made.access_token, key, until: Date.now() + made.expires_in * 1000 - SPARE_MS };
    }
    return token.value;
  };
  const calls = openDeskCalls(settings, {
    base: BASE,
    perSecond: PER_SECOND,
    sign: async () => ({ authorization: `Bearer ${await tokenOf()}` }),
  });
  return {
    keysOf: () => [],
    async latest(address) {
      const query = { query: `(email:"${address}")`, status: "all", sortField: "modifiedAt", sortOrder: "desc" };
      const { _embedded } = await calls.get(`/v2/conversations?${queryOf(query)}`, listSchema).catch((error) => {
        // Revoked before its time.
        token = null;
        throw error;
      });
      return (_embedded?.conversations ?? []).map((conversation) => conversation.id);
    },
    async read(conversationId) {
      const path = `/v2/conversations/${conversationId}`;
      const found = await calls.find(`${path}?embed=threads`, conversationSchema);
      if (!found) return null;
      const threads = found._embedded?.threads ?? [];
      const mails = threads.filter(({ type, source }) => type === "customer" && source?.type !== "beacon-v2");
      const keys: string[] = [];
      // Newest first, as the API lists them.
      for (const mail of mails.slice(0, SOURCES)) {
        const source = await calls.find(`${path}/threads/${mail.id}/original-source`, sourceSchema);
        keys.push(...messageIdIn(source?.original ?? ""));
      }
      return {
        id: found.id,
        subject: found.subject ?? null,
        addresses: mailAddressesIn(
          found.primaryCustomer?.email,
          ...(found.cc ?? []),
          ...threads.flatMap(({ to, cc, customer }) => [...(to ?? []), ...(cc ?? []), customer?.email]),
        ),
        keys,
        texts: threads.map(({ body }) => body ?? ""),
        tags: (found.tags ?? []).flatMap(({ tag }) => tag ?? []),
      };
    },
    async addNote(conversation, { html }) {
      await calls.send({ method: "POST", path: `/v2/conversations/${conversation.id}/notes`, body: { text: html } });
    },
    async mark(conversation, tag) {
      // The list that is sent replaces the one that is there.
      const body = { tags: [...conversation.tags, tag] };
      await calls.send({ method: "PUT", path: `/v2/conversations/${conversation.id}/tags`, body });
    },
    async check() {
      const { email } = await calls.get("/v2/users/me", meSchema);
      return { who: email ?? "an app", problem: null };
    },
  };
}

/** Of the header of a mail. */
function messageIdIn(mail: string): readonly string[] {
  const header = mail.slice(0, 100_000).split(/\r?\n\r?\n/, 1)[0] ?? "";
  return bareId(/^message-id:\s*(<[^<>\s]{1,500}>)/im.exec(header)?.[1]);
}
