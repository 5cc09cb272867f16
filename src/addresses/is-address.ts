/** What an address looks like. */

export const MAX_ADDRESS = 400;
/** Punctuation of languages that set no blanks: `收件人：user@example.org`. */
export const WIDE_PUNCTUATION = "，、。：；！？（）〈〉《》「」『』【】…“”‘’";
const LOCAL = String.raw`(?:"(?:[^"\\\r\n]|\\.){1,128}"|[^\s"(),:;<>@[\]\\${WIDE_PUNCTUATION}]{1,256})`;
export const DOMAIN = String.raw`(?:\[[0-9A-Za-z.:]{3,60}\]|[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]{0,253}[\p{L}\p{M}\p{N}])?)`;
const ADDRESS = new RegExp(`^${LOCAL}@${DOMAIN}$`, "u");

/** One address, nothing around it. The local part may be quoted or UTF-8, the domain IDN or an address literal. */
export const isAddress = (text: string): boolean => text.length <= MAX_ADDRESS && ADDRESS.test(text);
