/**
 * Lower case, for comparing addresses. Two letters outside ASCII become ASCII ones that way (U+212A, the Kelvin sign, is
 * `k` then, U+0130 begins with `i`): they stay, or one person's address would be another's.
 */
export const foldCase = (text: string): string => text.replace(/[^\u0130\u212a]+/g, (part) => part.toLowerCase());
