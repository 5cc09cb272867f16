/** docs/api.md says what the code does. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configFileSchema } from "../../src/config/config-file.ts";
import { ACCESS_ROLES } from "../../src/store/people/person.ts";
import { httpSettingsSchema } from "../../src/config/http-settings.ts";
import { PROBLEMS } from "../../src/http/problems.ts";
import { blockOf } from "../support/docs.ts";

const page = readFileSync("docs/api.md", "utf8");

test("every problem with its status", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, name, status]) => [name, Number(status)]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(PROBLEMS).map(([name, { status }]) => [name, status])),
  );
});

test("every role", () => {
  const rows = [...page.matchAll(/^\| `(viewer|operator|admin)` \| [^|]{20,}\|/gm)].map(([, role]) => role);
  expect(rows).toEqual([...ACCESS_ROLES]);
});

test("the settings can be copied, the limit is the default", () => {
  const settings = configFileSchema.parse(parse(blockOf("api.md", "Behind a reverse proxy", "yaml")));
  expect(settings.http).toMatchObject({ basePath: "/bounced", trustProxy: ["127.0.0.1"] });
  expect(page).toContain(`${httpSettingsSchema.parse({}).requestsPerMinute.toLocaleString("en")} requests a minute`);
});
