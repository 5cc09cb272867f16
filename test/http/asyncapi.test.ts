/** /asyncapi.json: valid by AsyncAPI's own schema, and true of what the service really sends. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { loadConfig } from "../../src/config/config.ts";
import { asyncApiOf } from "../../src/http/asyncapi.ts";
import { webhookRequestOf } from "../../src/outputs/webhook-request.ts";
import { webhooksSchema, type WebhookEndpoint } from "../../src/outputs/webhook-settings.ts";
import { sampleEvent } from "../support/event.ts";
import { startHarness, type Harness } from "./harness.ts";

type Document = ReturnType<typeof asyncApiOf>;

let harness: Harness;
let document: Document;
beforeAll(async () => {
  harness = await startHarness();
  document = (await harness.app.inject({ url: "/asyncapi.json", headers: harness.bearer("viewer") })).json<Document>();
});
afterAll(() => harness.close());

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const validatorOf = (message: string): ValidateFunction => ajv.compile(document.components.schemas[message] as object);

test("valid by the schema of AsyncAPI 3.0", () => {
  const path = createRequire(import.meta.url).resolve("@asyncapi/specs/schemas/3.0.0-without-$id.json");
  const isValid = ajv.compile(JSON.parse(readFileSync(path, "utf8")) as object);
  isValid(document);
  expect(isValid.errors?.slice(0, 5) ?? []).toEqual([]);
  expect(isValid({ ...document, info: undefined })).toBe(false);
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
  expect(references.length).toBeGreaterThan(40);
  for (const path of references) {
    const found = path
      .split("/")
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
    expect(found, path).toBeDefined();
  }
});

test("every queue of programs, by its name in Redis; refusals go the other way", () => {
  const { channels, operations } = document as {
    channels: Record<string, { address: string | null }>;
    operations: Record<string, { action: string }>;
  };
  expect(Object.keys(channels)).toEqual([...OUTPUT_QUEUES, "suppression", "alert", "refusals", "webhook"]);
  expect(channels["bounce-hard"]?.address).toBe("bounced:bounce-hard");
  expect(operations["send-bounce-hard"]?.action).toBe("send");
  expect(operations["receive-refusals"]?.action).toBe("receive");
});

test("routes and the stream of bounced.yaml are channels too", () => {
  const config = loadConfig({ BOUNCED_PREFIX: "shop" });
  const file = {
    ...config.file,
    routes: [
      { when: {}, to: ["vip", "bounce-hard"] },
      { when: {}, to: "drop" as const },
    ],
  };
  const made = asyncApiOf({
    config: { ...config, file: { ...file, stream: { ...file.stream, enabled: true, key: "shop:events" } } },
    version: "1",
  }).channels as Record<string, { address: string | null }>;
  expect(made["vip"]?.address).toBe("shop:vip");
  expect(made["stream"]?.address).toBe("shop:events");
  expect(made["drop"]).toBeUndefined();
});

test("the schemas accept what is sent, and nothing else", () => {
  const isEvent = validatorOf("event");
  expect(isEvent(sampleEvent())).toBe(true);
  expect(isEvent({ ...sampleEvent(), severity: "harsh" })).toBe(false);
  const [endpoint] = webhooksSchema.parse([{ id: "t", url: "https://shop.example/", secret: "any-long-random-text" }]);
  const sent = webhookRequestOf(endpoint as WebhookEndpoint, [sampleEvent()], new Date());
  expect(validatorOf("eventWebhook")(JSON.parse(sent?.body ?? ""))).toBe(true);
  const isRefusal = validatorOf("refusal");
  expect(isRefusal({ recipient: "user@example.org", reply: "550 5.1.1 No such user" })).toBe(true);
  expect(isRefusal({ reply: "550" })).toBe(false);
});

test("a token is needed: names of routes are the installation's own", async () => {
  expect((await harness.app.inject({ url: "/asyncapi.json" })).statusCode).toBe(401);
});
