/** docs/mcp.md lists the tools there are, and its settings can be copied. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/command-list.ts";
import { MCP_TOOLS } from "../../src/mcp/server.ts";

const page = readFileSync("docs/mcp.md", "utf8");

test("every tool, with its role", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| (viewer|operator) \|$/gm)].map(([, name, role]) => [name, role]);
  expect(rows).toEqual(MCP_TOOLS.map(({ name, changes }) => [name, changes ? "operator" : "viewer"]));
});

test("the settings are JSON, and name a command and an option that exist", async () => {
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) => JSON.parse(text) as unknown);
  expect(blocks).toHaveLength(3);
  const { args } = (blocks[0] as { mcpServers: { bounced: { args: string[] } } }).mcpServers.bounced;
  expect(COMMANDS.map(({ name }) => name)).toContain(args[1]);
  const command = await COMMANDS.find(({ name }) => name === "mcp")?.load();
  expect(command?.options.map(({ long }) => long)).toContain("--role");
});
