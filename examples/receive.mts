/**
 * Webhooks of shape `native` as a function: verified with the library of Standard Webhooks (npm install standardwebhooks),
 * then handed over. When the handler throws, bounced sends the event again.
 */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

interface Received {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly reason: string;
  readonly explanation: string;
  readonly recipient: { readonly mailed: string | null };
}

export function receive(handle: (event: Received) => Promise<void>): void {
  const secret = process.env["WEBHOOK_SECRET"] ?? "";
  const webhook = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
  const verified = (body: Buffer, headers: unknown): Received | null => {
    try {
      // Throws for what bounced did not sign, or signed more than five minutes ago.
      return (webhook.verify(body, headers as Record<string, string>) as { data: Received }).data;
    } catch {
      return null;
    }
  };
  createServer((request, response) => {
    const answer = async (): Promise<number> => {
      const event = verified(await buffer(request), request.headers);
      if (event === null) return 401;
      await handle(event);
      return 204;
    };
    answer().then(
      (status) => response.writeHead(status).end(),
      (error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  }).listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1");
}
