/** Lists in query parameters: `a,b`, or the parameter repeated. Empty parts are left out, as forms send them. */
import { z } from "zod";

const split = (value: unknown): unknown => {
  const values = (Array.isArray(value) ? value : [value])
    .flatMap((one) => (typeof one === "string" ? one.split(",") : [one]))
    .map((one: unknown) => (typeof one === "string" ? one.trim() : one))
    .filter((one) => one !== "" && one !== undefined);
  return values.length > 0 ? values : undefined;
};

export const listOf = <Item extends z.ZodType>(item: Item, what: string) =>
  z.preprocess(split, z.array(item).max(50).optional()).describe(what);

/** An empty field of a form says nothing. */
export const orNothing = (value: unknown): unknown => (value === "" ? undefined : value);
