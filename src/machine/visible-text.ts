// C0 but tab and line feed, C1, bidi controls and zero-width characters: they change what a reader sees of the rest.
// ZWNJ and ZWJ stay, Persian and emoji are written with them.
// eslint-disable-next-line no-control-regex -- these are the characters to be removed
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** For display only: a text of a stranger without characters that hide or turn around what is beside them. */
export const visibleText = (text: string): string => text.replaceAll(INVISIBLE, "");
