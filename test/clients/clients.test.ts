/** The clients in clients/: current, and used from their own languages against a server that really answers. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientFiles, openApiDocument, type OpenApi } from "../../scripts/clients/generate.ts";
import { hasMethod, OPERATIONS } from "../../src/http/openapi/operations.ts";
import { webhookRequestOf } from "../../src/outputs/webhook-request.ts";
import { webhooksSchema, type WebhookEndpoint } from "../../src/outputs/webhook-settings.ts";
import { startHarness, type Harness } from "../http/harness.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { sampleEvent } from "../support/event.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const run = promisify(execFile);
const CLIENTS = join(import.meta.dirname, "../../clients");
const PROGRAMS = {
  python: ["python3", "example.py"],
  php: ["php", "example.php"],
  go: ["go", "run", "./example"],
} as const;
type Language = keyof typeof PROGRAMS;
const LANGUAGES = Object.keys(PROGRAMS) as readonly Language[];

let harness: Harness;
let document: OpenApi;
let url: string;
beforeAll(async () => {
  document = await openApiDocument();
  harness = await startHarness();
  await harness.app.listen({ port: 0, host: "127.0.0.1" });
  url = `http://127.0.0.1:${(harness.app.server.address() as AddressInfo).port}`;
  await harness.store.record([jobOf([makeEvent({ address: "gone@example.org" })])]);
});
afterAll(() => harness.close());

const inLanguage = async (
  language: Language,
  words: readonly string[],
  caller: "operator" | "exporter" = "operator",
) => {
  const [program = "", ...others] = words;
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", BOUNCED_URL: url, BOUNCED_TOKEN: harness.tokens[caller] };
  return (await run(program, others, { cwd: join(CLIENTS, language), env })).stdout;
};

test("every operation has a name, and every name an operation", () => {
  const documented = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
  );
  const named = documented.filter((operation) => !operation.includes(" /v3/"));
  expect(Object.keys(OPERATIONS).toSorted()).toEqual(named.toSorted());
  const names = Object.values(OPERATIONS).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("the files are those of the present API: node scripts/clients/generate.ts", () => {
  const files = clientFiles(document);
  expect(Object.keys(files)).toHaveLength(5);
  for (const [path, text] of Object.entries(files)) expect(readFileSync(path, "utf8"), path).toBe(text);
});

test.each(LANGUAGES)("%s: the example suppresses, asks and searches", async (language) => {
  const answer = await inLanguage(language, PROGRAMS[language]);
  expect(answer).toBe(`${language === "python" ? "True" : "true"}\ngone@example.org mailbox_unknown\n`);
});

/** What the examples do not: a file, a list, an error with its fields, lines of any number. */
const MORE: Readonly<Record<"python" | "php", string>> = {
  python: `
import os
from bounced_client import Client, Problem
client = Client(os.environ["BOUNCED_URL"], token=os.environ["BOUNCED_TOKEN"])
try:
    client.search_events(limit=5000)
except Problem as problem:
    print(problem.status, problem.type, problem.issues[0]["field"], problem.request_id != "")
print(sum(1 for _ in client.download_events(reason=["mailbox_unknown", "mailbox_full"])))
print(client.classify(text="550 5.1.1 No such user")["reason"])
print([check["suppressed"] for check in client.check_suppressions(addresses=["gone@example.org", "a/b+c@example.org"])["results"]])
print(client.check_suppression("a/b?c@example.org")["address"])
print(client.classify_message(content="Subject: x\\n\\nhello")["events"][0]["kind"])
`,
  php: `
spl_autoload_register(fn ($class) => require 'src/' . basename(strtr($class, '\\\\', '/')) . '.php');
$client = new Bounced\\Client(getenv('BOUNCED_URL'), token: getenv('BOUNCED_TOKEN'));
try {
    $client->searchEvents(limit: 5000);
} catch (Bounced\\Problem $problem) {
    echo implode(' ', [$problem->status, $problem->type, $problem->issues[0]['field'], $problem->requestId !== '' ? 'True' : '']), "\\n";
}
echo count(iterator_to_array($client->downloadEvents(reason: ['mailbox_unknown', 'mailbox_full']))), "\\n";
echo $client->classify('550 5.1.1 No such user')['reason'], "\\n";
$checks = $client->checkSuppressions(['gone@example.org', 'a/b+c@example.org'])['results'];
echo '[', implode(', ', array_map(fn ($check) => $check['suppressed'] ? 'True' : 'False', $checks)), "]\\n";
echo $client->checkSuppression('a/b?c@example.org')['address'], "\\n";
echo $client->classifyMessage("Subject: x\\n\\nhello")['events'][0]['kind'], "\\n";
`,
};
test.each(["python", "php"] as const)("%s: errors, downloads, lists, odd addresses and files", async (language) => {
  const words = language === "python" ? ["python3", "-c", MORE.python] : ["php", "-r", MORE.php];
  expect((await inLanguage(language, words, "exporter")).split("\n")).toEqual([
    "400 badRequest query.limit True",
    "1",
    "mailbox_unknown",
    "[True, False]",
    "a/b?c@example.org",
    "unrecognized",
    "",
  ]);
});

test("go: vet finds nothing, and its own tests pass", async () => {
  await inLanguage("go", ["go", "vet", "./..."]);
  expect(await inLanguage("go", ["go", "test", "."], "exporter")).toMatch(/^ok/);
});

/** Of a webhook that the service really signs: the type and id, then nothing for another body, secret or time. */
const VERIFIERS: Readonly<Record<"python" | "php", (given: string) => readonly string[]>> = {
  python: (given) => [
    "python3",
    "-c",
    `
import json
from bounced_client import WebhookError, verify_webhook
given = json.loads(${JSON.stringify(given)})
def attempt(secret=given["secret"], body=given["body"], **more):
    try:
        return verify_webhook(secret, given["headers"], body.encode(), **more)["data"]["id"]
    except WebhookError:
        return "refused"
print(attempt(), attempt(body=given["body"] + " "), attempt(secret="whsec_AAAA"), attempt(now=given["now"] + 400))
`,
  ],
  php: (given) => [
    "php",
    "-r",
    `
require 'src/Webhook.php';
$given = json_decode(${JSON.stringify(given).replaceAll("$", "\\$")}, true);
$attempt = fn ($secret, $body, $now = null) =>
    Bounced\\Webhook::verify($secret, $given['headers'], $body, now: $now)['data']['id'] ?? 'refused';
echo $attempt($given['secret'], $given['body']), ' ', $attempt($given['secret'], $given['body'] . ' '), ' ',
    $attempt('whsec_AAAA', $given['body']), ' ', $attempt($given['secret'], $given['body'], $given['now'] + 400), "\\n";
`,
  ],
};
test.each(["python", "php"] as const)("%s: a webhook is verified, a changed or old one is not", async (language) => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const [endpoint] = webhooksSchema.parse([{ id: "test", url: "https://shop.example/hook", secret }]);
  const now = new Date();
  const request = webhookRequestOf(endpoint as WebhookEndpoint, [sampleEvent({ id: "event-1" })], now);
  const given = { secret, headers: request?.headers, body: request?.body, now: Math.floor(now.getTime() / 1000) };
  const printed = await inLanguage(language, VERIFIERS[language](JSON.stringify(given)));
  expect(printed.trim()).toBe("event-1 refused refused refused");
});

test("samples of the reference: four languages for each call of the API, and none for what no client calls", () => {
  for (const [path, verbs] of Object.entries(document.paths))
    for (const [verb, operation] of Object.entries(verbs)) {
      if (path.startsWith("/v3/")) continue;
      const { "x-codeSamples": samples = [] } = operation as { "x-codeSamples"?: { label: string; source: string }[] };
      const labels = hasMethod(path) ? ["curl", "TypeScript", "Python", "PHP"] : ["curl", "TypeScript"];
      expect(
        samples.map(({ label }) => label),
        `${verb} ${path}`,
      ).toEqual(labels);
      for (const { source } of samples) expect(source, `${verb} ${path}`).not.toMatch(/undefined|\[object|\{\w+\}/);
    }
});

test("the samples are syntax of their language", async () => {
  const samples = Object.values(document.paths).flatMap((verbs) =>
    Object.values(verbs).flatMap(
      (operation) => (operation as { "x-codeSamples"?: { label: string; source: string }[] })["x-codeSamples"] ?? [],
    ),
  );
  const sourcesOf = (label: string) => samples.filter((one) => one.label === label).map(({ source }) => source);
  expect(sourcesOf("Python").length).toBeGreaterThan(40);
  const python = "import json, sys\nfor source in json.load(sys.stdin): compile(source, source, 'exec')";
  const php = "foreach (json_decode(stream_get_contents(STDIN)) as $source) { token_get_all($source, TOKEN_PARSE); }";
  const feed = (program: string, words: readonly string[], input: unknown): Promise<unknown> => {
    const running = run(program, words);
    running.child.stdin?.end(JSON.stringify(input));
    return running;
  };
  await feed("python3", ["-c", python], sourcesOf("Python"));
  await feed("php", ["-r", php], sourcesOf("PHP"));
  await run("bash", ["-n", "-c", sourcesOf("curl").join("\n")]);
});
