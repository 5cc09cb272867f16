import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { configFileSchema } from "../../src/config/config-file.ts";
import type { CheckContext } from "../../src/doctor/check.ts";
import { checkProviderWebhooks } from "../../src/doctor/provider-webhooks.ts";

test("a provider that signs, and whose key is not configured, is noted", async () => {
  const secret = "0123456789abcdef01234567";
  const providerWebhooks = [
    { source: "ses", secret },
    { source: "postmark", secret },
    { source: "mailgun", secret, signingKey: "the-key-of-mailgun" },
    ...["sendgrid", "mailgun", "resend"].map((source) => ({ source, name: `${source}-2`, secret })),
  ];
  const file = configFileSchema.parse({ providerWebhooks });
  const found = await checkProviderWebhooks({ config: { ...loadConfig({}), file } } as CheckContext);
  expect(found.map(({ id, state, todo }) => [id, state, todo?.split(" ")[1] ?? null])).toEqual([
    ["provider-webhook ses", "ok", null],
    ["provider-webhook postmark", "ok", null],
    ["provider-webhook mailgun", "ok", null],
    ["provider-webhook sendgrid-2", "warn", "publicKey"],
    ["provider-webhook mailgun-2", "warn", "signingKey"],
    ["provider-webhook resend-2", "warn", "signingSecret"],
  ]);
  expect(JSON.stringify(found)).not.toContain(secret);
});
