/** `bounced mcp`: the Model Context Protocol on standard input and output, for an assistant on this machine. */
import { userInfo } from "node:os";
import { Command, Option } from "commander";
import { VERSION } from "../../machine/version.ts";
import { readSettingsOf } from "../../reading/read-settings.ts";
import { failureCodesOf } from "../../vendors/failure-codes.ts";
import { untilSignal } from "../interrupt.ts";
import { withStore } from "../with-service.ts";

const ROLES = ["viewer", "operator"] as const;

export function mcpCommand(): Command {
  return new Command("mcp")
    .description("Give an assistant the log and the list, on stdio (MCP). Ends with its input.")
    .addOption(
      new Option("--role <role>", "operator: the assistant may also change the suppression list")
        .choices(ROLES)
        .default("viewer"),
    )
    .addHelpText(
      "after",
      `
The assistant starts this command itself; docs/mcp.md shows the settings of
common clients. A running service offers the same over HTTP at /mcp.`,
    )
    .action(({ role }: { readonly role: (typeof ROLES)[number] }) =>
      withStore(async (store, config) => {
        const { serveOnStdio } = await import("../../mcp/stdio.ts");
        const { rules } = readSettingsOf(config);
        const deps = {
          store,
          reading: () => ({ rules }),
          language: config.BOUNCED_LANGUAGE,
          failureCodes: failureCodesOf(config.file.failureCodes),
          version: VERSION,
          now: Date.now,
          // Standard output belongs to the protocol.
          onError: (error: unknown) => console.error("bounced:", error),
        };
        const caller = { actor: `mcp:${userInfo().username}`, mayChange: role === "operator" };
        await untilSignal((signal) => serveOnStdio(deps, caller, signal), { isEnd: true });
      }),
    );
}
