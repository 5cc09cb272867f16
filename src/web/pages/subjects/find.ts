/** The search box of every page: an address, a domain, a tag, an event, a Message-ID, or what a server said. */
import { isIP } from "node:net";
import { z } from "zod";
import { isAddress } from "../../../addresses/is-address.ts";
import { isHostName } from "../../../addresses/domain.ts";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { signalOf } from "../../../http/signal-of.ts";
import { link, viewOf, type View, type ViewContext } from "../../view.ts";
import { mailHref, recipientPath, sliceHref, type Slice } from "../../paths.ts";

const EVENT_ID = /^[0-9a-f]{32}$/;
const MESSAGE_ID = /^(?:message-id:\s*)?(<[^<>\s]{1,300}@[^<>\s]{1,300}>)$/i;
/** A reply code, an enhanced status, or a sentence: `550 5.1.1 User unknown`. */
const RESPONSE = /^(?:[245]\d\d(?:[ -]|$)|[245]\.\d{1,3}\.\d{1,3}(?:\D|$))|\S+\s+\S+\s+\S/;

type FindContext = ViewContext & Pick<HttpContext, "store">;

export function findPage(app: App, context: FindContext): void {
  app.get(
    "/find",
    {
      config: { access: "viewer", page: true },
      schema: { querystring: z.object({ q: z.string().trim().max(4000).default("") }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { q } = request.query;
      return reply.redirect(q === "" ? link(view, "/log") : await targetOf(view, context, q, signalOf(request)), 302);
    },
  );
}

async function targetOf(view: View, context: FindContext, q: string, signal: AbortSignal): Promise<string> {
  const { store } = context;
  const known = q.toLowerCase();
  if (EVENT_ID.test(known) && (await store.get(known)) !== null) return link(view, `/log/${known}`);
  const messageId = MESSAGE_ID.exec(q)?.[1];
  if (messageId !== undefined) return mailHref(view, messageId);
  if (isAddress(q)) {
    // A Message-ID looks like an address, where its brackets were left behind.
    const bracketed = `<${q}>`;
    // Trust: all, this leads to what there is.
    const [asAddress, asMessage] = await Promise.all([
      store.count({ address: [q] }, 1, signal),
      store.search({ messageId: bracketed, limit: 1 }, signal),
    ]);
    const isMessage = asAddress === 0 && asMessage.entries[0]?.event.original.messageId === bracketed;
    return isMessage ? mailHref(view, bracketed) : link(view, recipientPath(q));
  }
  // Trust: all, this leads to what there is.
  const has = async (slice: Slice, value: string): Promise<boolean> =>
    (await store.count({ [slice]: [value] }, 1, signal)) > 0;
  if (isIP(q) !== 0) return sliceHref(view, "sendingAddress", q);
  if (isHostName(known)) {
    const isSender = !(await has("domain", known)) && (await has("senderDomain", known));
    return sliceHref(view, isSender ? "senderDomain" : "domain", known);
  }
  const provider = context
    .reading()
    .rules.providers.find(({ provider: { id, name } }) => id === known || name.toLowerCase() === known);
  if (provider) return sliceHref(view, "provider", provider.provider.id);
  if (await has("tag", q)) return sliceHref(view, "tag", q);
  return RESPONSE.test(q) ? link(view, "/codes", { q }) : link(view, "/log", { recipient: q });
}
