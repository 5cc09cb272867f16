/** What is needed to make and to read our own return paths. Pure data: keys come from the caller. */
export interface ReturnPathSettings {
  /** BOUNCED_SECRET in order: the first signs, all verify. Empty: signed return paths are off. */
  readonly secrets: readonly string[];
  /** Part before the `+` of a signed or VERP address. */
  readonly prefix: string;
  /** A signed address older than this is expired. Days. */
  readonly maxAgeDays: number;
  /** A token (../proof/token.ts) older than this is expired. Days. */
  readonly tokenMaxAgeDays: number;
  /** VERP: between prefix and recipient, and in place of the recipient's `@`. */
  readonly verp: { readonly separator: string; readonly at: string };
  /** Keys of whoever writes our `prvs=` and `SRS0=` addresses. Empty: they are read, not verified. */
  readonly batv?: { readonly secrets: readonly string[] };
  readonly srs?: { readonly secrets: readonly string[]; readonly exim?: boolean | undefined };
}

/** Of the configuration. */
export const returnPathSettingsOf = (
  config: {
    readonly BOUNCED_SECRET: readonly string[];
    readonly file: { readonly returnPath: Omit<ReturnPathSettings, "secrets"> };
  },
  secrets: readonly string[] = config.BOUNCED_SECRET,
): ReturnPathSettings => ({ ...config.file.returnPath, secrets });
