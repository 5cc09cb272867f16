import { z } from "zod";
import { unmatchedGroups } from "../../store/log/unmatched.ts";
import { fromMail, quote, quoted } from "../from-mail.ts";
import { exactly, periodOf, periodShape, toolOf } from "../tool.ts";

export const unmatched = toolOf({
  name: "unmatched",
  title: "Refusals that no rule decided",
  description:
    "Refusals whose words no rule knows, grouped, most frequent first, each with a rule to start from. docs/rules.md describes rules.",
  input: z.strictObject({
    ...periodShape,
    provider: exactly("who refused"),
    atMost: z.int().min(1).max(5000).default(2000).describe("events to read, newest first"),
    limit: z.int().min(1).max(20).default(10),
  }),
  output: z.object({
    events: z.number(),
    cut: z.boolean().describe("older events were left out"),
    groups: z.array(
      z.object({
        count: z.number(),
        decided: z.string().describe("reason of the first of them, by a code or a guess"),
        status: z.string().nullable(),
        replyCode: z.number().nullable(),
        providers: z.array(z.string()),
        fromMail: fromMail({ text: quoted, example: quoted, rule: quoted.describe("YAML") }),
      }),
    ),
  }),
  async run({ from, to, provider, atMost, limit }, { deps: { store }, signal }) {
    const { events, cut, groups } = await unmatchedGroups(
      store,
      { provider, ...periodOf({ from, to }) },
      { atMost, limit, signal },
    );
    return {
      events,
      cut,
      groups: groups.map(({ text, count, example, providers, rule }) => ({
        count,
        decided: example.reason,
        status: example.status,
        replyCode: example.replyCode,
        providers: [...providers],
        fromMail: { text: quote(text, 400), example: quote(example.text, 400), rule: quoteLines(rule, 1200) },
      })),
    };
  },
});

/** YAML has lines. */
const quoteLines = (text: string, most: number): string =>
  text
    .slice(0, most)
    .split("\n")
    .map((line) => `${/^ */.exec(line)?.[0] ?? ""}${quote(line.trimStart(), most)}`)
    .join("\n");
