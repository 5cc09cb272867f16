/**
 * A webhook of shape `note` -> a private note on the conversation (Intercom) or ticket (Zendesk) whose mail came back.
 *
 *   WEBHOOK_SECRET=whsec_… INTERCOM_TOKEN=… INTERCOM_ADMIN_ID=… node examples/help-desk.ts
 *   WEBHOOK_SECRET=whsec_… ZENDESK_URL=https://you.zendesk.com ZENDESK_TOKEN=… node examples/help-desk.ts
 *
 * The mail that failed must have carried the number: X-Conversation-Id or X-Ticket-Id, both in BOUNCED_KEEP_HEADERS.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Webhook } from "standardwebhooks";
import { z } from "zod";

const settingsSchema = z.object({
  WEBHOOK_SECRET: z.string().min(16),
  INTERCOM_URL: z.url().default("https://api.intercom.io"),
  INTERCOM_TOKEN: z.string().optional(),
  INTERCOM_ADMIN_ID: z.string().default(""),
  ZENDESK_URL: z.url().optional(),
  ZENDESK_TOKEN: z.string().optional(),
});
type Settings = z.infer<typeof settingsSchema>;

const noteSchema = z.object({ id: z.string(), html: z.string(), headers: z.record(z.string(), z.string()) });
type Note = z.infer<typeof noteSchema>;

const MAX_OCTETS = 1024 * 1024;
/** Ids of notes that were added; the same one may come twice. In a real service: a table with a unique key. */
const REMEMBERED = 10_000;

export function createHelpDesk(environment: Readonly<Record<string, string | undefined>>): Server {
  const settings = settingsSchema.parse(environment);
  const secret = settings.WEBHOOK_SECRET;
  const webhook = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
  const added = new Set<string>();
  const receive = async (request: IncomingMessage): Promise<number> => {
    const body = await bodyOf(request);
    if (body === null) return 413;
    let note: Note;
    try {
      note = noteSchema.parse(webhook.verify(body, request.headers as Record<string, string>));
    } catch {
      return 401;
    }
    if (added.has(note.id)) return 204;
    const status = await addNote(note, settings);
    if (status === 204) {
      if (added.size >= REMEMBERED) added.clear();
      added.add(note.id);
    }
    return status;
  };
  return createServer((request, response) => {
    receive(request).then(
      (status) => response.writeHead(status).end(),
      // Anything but 2xx and 410: bounced tries again.
      () => response.writeHead(502).end(),
    );
  });
}

/** 204: added, or the mail belonged to no conversation. 410: there is no such conversation, do not try again. */
async function addNote(note: Note, settings: Settings): Promise<number> {
  const call = callOf(note, settings);
  if (!call) return 204;
  const { url, method, token, body } = call;
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(8000),
  });
  if (answer.ok) return 204;
  return answer.status === 404 ? 410 : 502;
}

function callOf({ html, headers }: Note, settings: Settings) {
  // The header came back through strangers' hands: only a number goes into a path.
  const conversation = numberIn(headers["x-conversation-id"]);
  if (conversation && settings.INTERCOM_TOKEN)
    return {
      url: new URL(`/conversations/${conversation}/reply`, settings.INTERCOM_URL),
      method: "POST",
      token: settings.INTERCOM_TOKEN,
      body: { message_type: "note", type: "admin", admin_id: settings.INTERCOM_ADMIN_ID, body: html },
    };
  const ticket = numberIn(headers["x-ticket-id"]);
  if (ticket && settings.ZENDESK_URL && settings.ZENDESK_TOKEN)
    return {
      url: new URL(`/api/v2/tickets/${ticket}.json`, settings.ZENDESK_URL),
      method: "PUT",
      token: settings.ZENDESK_TOKEN,
      body: { ticket: { comment: { html_body: html, public: false } } },
    };
  return null;
}

const numberIn = (value: string | undefined): string | null => /^\s*(\d{1,20})\s*$/.exec(value ?? "")?.[1] ?? null;

/** The very octets that were signed; null when there are too many. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_OCTETS) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

if (import.meta.main) {
  const port = Number(process.env["PORT"] ?? 8080);
  createHelpDesk(process.env).listen(port, () => console.log(`waiting for notes on port ${port}`));
}
