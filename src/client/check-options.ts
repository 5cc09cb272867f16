/** Slips of a caller in plain JavaScript, which no compiler sees. */
import { didYouMean } from "../machine/nearest.ts";

/** Throws TypeError for an option that does not exist, with the nearest one that does. */
export function checkOptions(name: string, given: object, known: readonly string[]): void {
  for (const option of Object.keys(given))
    if (!known.includes(option))
      throw new TypeError(
        `${name}: there is no option ${JSON.stringify(option)}${didYouMean(option, known)}. There are ${known.join(", ")}`,
      );
}

/** Throws TypeError for anything but a text. */
export function checkText(name: string, what: string, value: unknown): void {
  if (typeof value !== "string") throw new TypeError(`${name}: ${what}: expected a text, got ${typeName(value)}`);
}

const typeName = (value: unknown): string => (value === null ? "null" : typeof value);
