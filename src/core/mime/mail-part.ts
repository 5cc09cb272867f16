/** A leaf of the MIME tree that is not body text: report parts, embedded messages, attachments. */
export interface MailPart {
  /** Lower-case `type/subtype`. */
  readonly contentType: string;
  /** As claimed, lower-case; null if the part claims none. */
  readonly charset: string | null;
  readonly fileName: string | null;
  /** Transfer encoding removed. */
  readonly content: Uint8Array;
  readonly partId: string | null;
}
