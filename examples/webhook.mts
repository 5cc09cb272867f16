/**
 * Webhooks of shape `native`, verified with the library of Standard Webhooks (npm install standardwebhooks). The name
 * ends in .mts, so that it runs as a module in a project of any type.
 *
 *   WEBHOOK_SECRET=whsec_… PORT=8080 node examples/webhook.mts
 */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

const secret = process.env["WEBHOOK_SECRET"] ?? "";
const webhook = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });

createServer((request, response) => {
  buffer(request).then(
    (body) => {
      try {
        // Throws for what we did not sign, or signed more than five minutes ago.
        const payload = webhook.verify(body, request.headers as Record<string, string>);
        const { type, data } = payload as { type: string; data: { id: string } };
        console.log(type, data.id);
        response.writeHead(204).end();
      } catch {
        response.writeHead(401).end();
      }
    },
    () => response.destroy(),
  );
}).listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1");
