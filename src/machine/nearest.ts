import { closestMatch } from "leven";

/** ` (did you mean bounce-hard?)`, or nothing where no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = closestMatch(word.slice(0, 100), [...known], { maxDistance: word.length > 5 ? 3 : 2 });
  return near === undefined || near === word ? "" : ` (did you mean ${near}?)`;
}
