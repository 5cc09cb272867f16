/** What zod finds wrong with a setting or a parameter, in our words: one sentence without the name and the value. */
import { z } from "zod";
import { didYouMean } from "../machine/nearest.ts";

type Issue = z.core.$ZodIssue;

/** `schema` is what was parsed with: an unknown key is named with the nearest known one. */
export function issueWords(issue: Issue, schema: z.core.$ZodType): string {
  // A schema that says what it expects says it better.
  if (!/^(?:Invalid|Too (?:small|big)|Unrecognized key)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(schema, issue.path);
      const [key = ""] = issue.keys;
      const near = didYouMean(key, known);
      return `there is no ${JSON.stringify(key)} here${near || (known.length > 0 ? `; there are ${known.join(", ")}` : "")}`;
    }
    case "invalid_value":
      return `expected ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return `expected ${article(issue.expected)}`;
    case "too_small":
      return `expected ${amount(issue, issue.minimum)} or more`;
    case "too_big":
      return `expected ${amount(issue, issue.maximum)} or less`;
    case "invalid_format":
      return issue.message.startsWith("Invalid")
        ? `expected ${FORMATS[issue.format] ?? "another form"}`
        : issue.message;
    case "invalid_union": {
      const [first] = issue.errors.flat();
      return first ? issueWords(first, schema) : issue.message;
    }
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  int: "a whole number",
  array: "a list",
  object: "keys with values",
  boolean: "true or false",
  string: "text",
  number: "a number",
};
const article = (type: string): string => TYPES[type] ?? `a value of type ${type}`;

const FORMATS: Readonly<Record<string, string>> = {
  url: "a URL",
  email: "an address",
  date: "a day, YYYY-MM-DD",
  datetime: "an ISO 8601 time",
};

function amount({ origin }: { readonly origin: string }, bound: number | bigint): string {
  if (origin === "string") return `${bound} characters`;
  return origin === "array" || origin === "set" ? `${bound} entries` : String(bound);
}

/** The keys that a schema takes at a path; none where it takes any. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let here: z.core.$ZodType | undefined = unwrapped(schema);
  for (const step of path) {
    if (here instanceof z.ZodObject) here = unwrapped(here.shape[String(step)] as z.core.$ZodType | undefined);
    else if (here instanceof z.ZodArray) here = unwrapped(here.element);
    else if (here instanceof z.ZodRecord) here = unwrapped(here.valueType);
    else return [];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** Without `.optional()`, `.default()`, `.prefault()` and the like around it. */
function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = inner.def.in instanceof z.ZodTransform ? inner.def.out : inner.def.in;
    else if (inner && "innerType" in inner._zod.def) inner = inner._zod.def.innerType as z.core.$ZodType;
    else return inner;
  }
}
