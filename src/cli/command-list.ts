/** All commands, for the program, its help and its completion. */
import type { CommandEntry } from "./command-entry.ts";

/** In the order a newcomer needs them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "serve",
    summary: "Run the service: SMTP in, events out.",
    load: async () => (await import("./commands/serve.ts")).serveCommand(),
  },
  {
    name: "demo",
    summary: "Try bounced with made-up bounces; nothing is left behind.",
    load: async () => (await import("./commands/demo.ts")).demoCommand(),
  },
  {
    name: "classify",
    summary: "Read bounces from files; say who failed and why.",
    load: async () => (await import("./commands/classify.ts")).classifyCommand(),
  },
  {
    name: "replay",
    summary: "Send messages through the running service; show the resulting events.",
    load: async () => (await import("./commands/replay.ts")).replayCommand(),
  },
  {
    name: "explain",
    summary: "Explain what a code or a pasted rejection means, and what to do.",
    load: async () => (await import("./commands/explain.ts")).explainCommand(),
  },
  {
    name: "import",
    summary: "Import messages from files, Maildirs, mbox files and pipes.",
    load: async () => (await import("./commands/import.ts")).importCommand(),
  },
  {
    name: "follow",
    summary: "Read failures from the log of a sending mail server.",
    load: async () => (await import("./commands/follow.ts")).followCommand(),
  },
  {
    name: "return-path",
    summary: "Create and decode signed return paths.",
    load: async () => (await import("./commands/return-path.ts")).returnPathCommand(),
  },
  {
    name: "log",
    summary: "Search the bounce log, download it, erase from it.",
    load: async () => (await import("./commands/log/log.ts")).logCommand(),
  },
  {
    name: "incidents",
    summary: "Show what goes wrong beyond chance; close and reopen it.",
    load: async () => (await import("./commands/log/incidents.ts")).incidentsCommand(),
  },
  {
    name: "suppressions",
    summary: "Show, change, import and export the suppression list.",
    load: async () => (await import("./commands/suppressions.ts")).suppressionsCommand(),
  },
  {
    name: "sync",
    summary: "Keep the suppression lists at sending providers like yours.",
    load: async () => (await import("./commands/sync.ts")).syncCommand(),
  },
  {
    name: "reclassify",
    summary: "Preview the current rules on the log; list unmatched responses.",
    load: async () => (await import("./commands/reclassify.ts")).reclassifyCommand(),
  },
  {
    name: "rules",
    summary: "Check the rules you wrote; show which rule decides.",
    load: async () => (await import("./commands/rules.ts")).rulesCommand(),
  },
  {
    name: "webhooks",
    summary: "Show waiting, failed and recent webhook deliveries; send again.",
    load: async () => (await import("./commands/outputs/webhooks.ts")).webhooksCommand(),
  },
  {
    name: "help-desks",
    summary: "Show notes to help desks; test a key; send again.",
    load: async () => (await import("./commands/outputs/help-desks.ts")).helpDesksCommand(),
  },
  {
    name: "mcp",
    summary: "Give an assistant the log and the list, on stdio (MCP).",
    load: async () => (await import("./commands/mcp.ts")).mcpCommand(),
  },
  {
    name: "doctor",
    summary: "Check Redis, DNS, TLS, ports, disk and settings; say what to do.",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  },
  {
    name: "token",
    summary: "Create, list and revoke tokens for the API and the pages.",
    load: async () => (await import("./commands/token.ts")).tokenCommand(),
  },
  {
    name: "people",
    summary: "List who signs in with the identity provider; revoke access.",
    load: async () => (await import("./commands/people.ts")).peopleCommand(),
  },
  {
    name: "quarantine",
    summary: "List messages that could not be processed; put them back.",
    load: async () => (await import("./commands/quarantine.ts")).quarantineCommand(),
  },
  {
    name: "config",
    summary: "Print the effective settings.",
    load: async () => (await import("./commands/config.ts")).configCommand(),
  },
  {
    name: "completion",
    summary: "Print the completion of a shell: bash, zsh or fish.",
    load: async () => (await import("./commands/completion.ts")).completionCommand(() => COMMANDS),
  },
  {
    name: "man",
    summary: "Print the manual page.",
    load: async () => (await import("./commands/completion.ts")).manCommand(() => COMMANDS),
  },
];
