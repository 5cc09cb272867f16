/**
 * Four-digit failure codes in families: 1xxx rejected, 2xxx permanent, 3xxx temporary, 4xxx communication, 5xxx
 * informational, 9xxx unknown. An installation may rename, remove and add codes and families, and say which reason or
 * which rule gives which code (section `failureCodes` of bounced.yaml, docs/codes.md).
 */
import { z } from "zod";
import { REASONS, type Reason } from "../event/event.ts";
import { crosswalkOf } from "./crosswalk.ts";

export interface FailureCode {
  /** 1000 to 9999. */
  readonly code: number;
  readonly text: string;
  /** Name of the family, e.g. `Permanent`. */
  readonly family: string;
  /** Reasons that give this code, in the order of the vocabulary. */
  readonly reasons: readonly Reason[];
  /** Rules that give this code, whatever their reason. */
  readonly rules: readonly string[];
  /** True when bounced.yaml added or changed it. */
  readonly custom: boolean;
}

export interface FailureCodes {
  /** Ascending. */
  readonly all: readonly FailureCode[];
  readonly byCode: ReadonlyMap<number, FailureCode>;
  /** The code of a verdict: that of its rule if one is set, else that of its reason. */
  codeOf(reason: Reason, rule: string | null): number;
}

const FAMILIES: Readonly<Record<string, string>> = {
  1: "Message rejected",
  2: "Permanent",
  3: "Temporary",
  4: "Communication",
  5: "Informational",
  9: "Unknown",
};

const CODES: Readonly<Record<string, string>> = {
  1002: "Rejected: the sending server is on a block list or distrusted",
  1003: "Rejected: the sending domain is on a block list or distrusted",
  1004: "Rejected because of the content",
  1006: "Rejected: too many messages or connections in a period",
  1007: "Rejected: a virus was found",
  1011: "Held until the sender confirms (challenge-response)",
  1999: "Rejected for another reason",
  2001: "Address does not exist",
  2002: "Domain does not exist",
  2003: "Address is badly formatted",
  2004: "Address is no longer valid",
  2999: "Other permanent failure",
  3001: "Mailbox full or over quota",
  3002: "Account inactive or disabled",
  3003: "Server asked to try again later",
  3999: "Other temporary failure",
  4001: "Server too busy",
  4002: "Protocol error, invalid command or timeout",
  4003: "Cannot connect to the server",
  4004: "Given up: the message became too old",
  4006: "Server does not take mail for the domain",
  4999: "Other system, network or protocol error",
  5001: "Out of office or another automatic answer",
  5999: "Other information",
  9999: "No other code applies",
};

const text = z.string().trim().min(1).max(200);
const code = z.number().int().min(1000).max(9999);

/** Section `failureCodes` of bounced.yaml. Mistakes are named with the place where they stand. */
export const failureCodesSchema = z
  .strictObject({
    /** First digit to name. */
    families: z.record(z.string(), text).default({}),
    /** Code to text: renames a built-in one or adds a new one. `false` removes it. */
    codes: z.record(z.string(), z.union([text, z.literal(false)])).default({}),
    /** Reason to code. */
    reasons: z.partialRecord(z.enum(REASONS), code).default({}),
    /** Rule id, built in or your own, to code; it wins over the reason. */
    rules: z.record(z.string().min(3), code).default({}),
  })
  .superRefine((section, context) => {
    for (const { path, message } of mistakesIn(section)) context.addIssue({ code: "custom", path, message });
  });
export type FailureCodesSection = z.infer<typeof failureCodesSchema>;

interface Mistake {
  readonly path: (string | number)[];
  readonly message: string;
}

function mistakesIn(section: FailureCodesSection): readonly Mistake[] {
  const { families, texts } = merged(section);
  const mistakes: Mistake[] = [];
  for (const key of Object.keys(section.families)) {
    if (!/^[1-9]$/.test(key)) mistakes.push({ path: ["families", key], message: "a family is one digit, 1 to 9" });
  }
  for (const key of Object.keys(section.codes)) {
    if (!/^[1-9]\d{3}$/.test(key)) {
      mistakes.push({ path: ["codes", key], message: "a failure code has four digits, 1000 to 9999" });
      continue;
    }
    if (section.codes[key] !== false && !(key.charAt(0) in families))
      mistakes.push({ path: ["codes", key], message: `family ${key.charAt(0)} has no name; add it under families` });
    if (section.codes[key] === false && !(key in CODES))
      mistakes.push({ path: ["codes", key], message: "there is no such code to remove" });
  }
  for (const kind of ["reasons", "rules"] as const) {
    for (const [name, target] of Object.entries(section[kind])) {
      if (!texts.has(target))
        mistakes.push({ path: [kind, name], message: `code ${target} is not defined; add it under codes` });
    }
  }
  for (const reason of REASONS) {
    const target = crosswalkOf(reason).failureCode;
    if (!texts.has(target) && section.reasons[reason] === undefined)
      mistakes.push({
        path: ["codes", String(target)],
        message: `cannot be removed while ${reason} gives it; set another code under reasons.${reason}`,
      });
  }
  return mistakes;
}

function merged(section: FailureCodesSection) {
  const families: Readonly<Record<string, string>> = { ...FAMILIES, ...section.families };
  const texts = new Map<number, string>();
  for (const [key, value] of Object.entries({ ...CODES, ...section.codes }))
    if (value !== false) texts.set(Number(key), value);
  return { families, texts };
}

/** The codes of an installation. `section` is a checked one; without it, the built-in list. */
export function failureCodesOf(section: FailureCodesSection = failureCodesSchema.parse({})): FailureCodes {
  const { families, texts } = merged(section);
  const rules = new Map(Object.entries(section.rules));
  const codeOfReason = (reason: Reason) => section.reasons[reason] ?? crosswalkOf(reason).failureCode;
  const all = [...texts]
    .sort(([a], [b]) => a - b)
    .map(([number, meaning]): FailureCode => ({
      code: number,
      text: meaning,
      family: families[String(number).charAt(0)] ?? "",
      reasons: REASONS.filter((reason) => codeOfReason(reason) === number),
      rules: [...rules].filter(([, target]) => target === number).map(([rule]) => rule),
      custom: typeof section.codes[number] === "string",
    }));
  return {
    all,
    byCode: new Map(all.map((entry) => [entry.code, entry])),
    codeOf: (reason, rule) => (rule === null ? undefined : rules.get(rule)) ?? codeOfReason(reason),
  };
}
