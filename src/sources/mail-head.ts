/** Whether a file that somebody named is mail at all: `bounced import package.json` is a slip. */
const BLANK = /^(?:\uFEFF)?\s*/;
/** A header field, RFC 5322 section 2.2, with a name that mail has; the separator of an mbox file, also quoted. */
const BEGINNING = /^(?:>?From |[A-Za-z0-9][\w.-]{0,100}[ \t]*:)/;

export const HEAD_OCTETS = 1_024;

/** Throws for octets that begin with no header field. */
export function checkMailHead(head: Uint8Array): void {
  const text = new TextDecoder().decode(head.subarray(0, HEAD_OCTETS));
  if (!BEGINNING.test(text.replace(BLANK, "")))
    throw new Error(head.length === 0 ? "the file is empty" : "not a message: it does not begin with a header field");
}
