import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { messageOf } from "../machine/error-message.ts";
import { checkLiteral, safeLookup } from "../outputs/safe-address.ts";
import type { WebhookEndpoint } from "../outputs/webhook-settings.ts";
import { fail, ok, type Check, type Finding } from "./check.ts";

const TIMEOUT_MS = 5000;

/** Each endpoint can be connected to, with a certificate that holds. No request is sent: it would be a false event. */
export const checkWebhooks: Check = ({ config }) => Promise.all(config.file.webhooks.map(checkEndpoint));

async function checkEndpoint({ id, url: address, allowPrivate }: WebhookEndpoint): Promise<Finding> {
  const url = new URL(address);
  const finding = `webhook ${id}`;
  try {
    checkLiteral(url, allowPrivate);
    await reach(url, allowPrivate);
    return ok(finding, `${url.host} accepts connections; bounced webhooks test ${id} sends it a sample`);
  } catch (error) {
    return fail(
      finding,
      `no connection to ${url.host}: ${messageOf(error)}`,
      "correct its url in bounced.yaml, or repair the endpoint; events wait for it for a day, then bounced webhooks replay",
    );
  }
}

function reach(url: URL, allowPrivate: boolean): Promise<void> {
  const isTls = url.protocol === "https:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const target = { host, port: Number(url.port || (isTls ? 443 : 80)), lookup: safeLookup(allowPrivate) };
  return new Promise((resolve, reject) => {
    const socket = isTls ? connectTls({ ...target, servername: host }) : connect(target);
    const end = (error?: Error): void => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.setTimeout(TIMEOUT_MS, () => end(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    socket.once(isTls ? "secureConnect" : "connect", () => end());
    socket.once("error", end);
  });
}
