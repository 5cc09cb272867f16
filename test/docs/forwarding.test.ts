import { expect, test } from "vitest";
import { parse } from "yaml";
import { configFileSchema } from "../../src/config/config-file.ts";
import { blockOf } from "../support/docs.ts";

test("the section of bounced.yaml is valid, and shows the defaults of its numbers", () => {
  const shown = parse(blockOf("forwarding.md", "Forwarding by mail", "yaml")) as { forward: object };
  const { forward } = configFileSchema.parse(shown);
  expect(forward).toMatchObject({ to: ["support@example.com"], filter: { severity: ["hard", "block"] } });
  const {
    mode: _mode,
    perHour: _perHour,
    digestMinutes: _minutes,
    ...needed
  } = shown.forward as Record<string, unknown>;
  expect(configFileSchema.parse({ forward: needed }).forward).toEqual(forward);
});
