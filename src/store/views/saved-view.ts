/** A search that somebody saved for all, and what it may do by itself. */
import { z } from "zod";

export const VIEW_PAGES = ["log", "rates", "compare"] as const;
export type ViewPage = (typeof VIEW_PAGES)[number];

const hours = z.coerce.number().int().min(1).max(720).describe("the last hours that are counted");

/** One line, as subject of a mail and in chats: no control characters, and none that turn round what follows. */
export const viewNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, "expected one line of text");

/** `more`: more events than a number. `grew`: more than in the hours before, beyond chance. */
export const viewAlertSchema = z.discriminatedUnion("when", [
  z.strictObject({ when: z.literal("more"), hours, count: z.coerce.number().int().min(0).max(1_000_000_000) }),
  z.strictObject({ when: z.literal("grew"), hours }),
]);
export type ViewAlertSettings = z.infer<typeof viewAlertSchema>;

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const timeZone = z
  .string()
  .max(64)
  .refine((name) => isTimeZone(name), "expected a time zone such as Europe/Berlin")
  .default("UTC");

export const viewMailSchema = z.strictObject({
  to: z.array(z.email().max(254)).min(1).max(20),
  weekday: z.enum(WEEKDAYS).default("monday"),
  hour: z.coerce.number().int().min(0).max(23).default(8).describe("of the day, in the time zone"),
  timeZone,
});
export type ViewMailSettings = z.infer<typeof viewMailSchema>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export interface ViewContent {
  readonly name: string;
  readonly page: ViewPage;
  /** As the page's address has it. */
  readonly query: string;
  readonly alert: ViewAlertSettings | null;
  readonly mail: ViewMailSettings | null;
}

export interface SavedView extends ViewContent {
  readonly id: string;
  /** Who saved it. */
  readonly actor: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Since when its alert is open. */
  readonly alertSince: string | null;
  readonly mailSentAt: string | null;
  /** Why the last mail was not sent, or not to whom; "" if all got it. */
  readonly mailError: string;
}

export interface SavedViews {
  /** By name. */
  list(): Promise<readonly SavedView[]>;
  get(id: string): Promise<SavedView | null>;
  /** Throws QueryError where the name is taken, or there are too many. */
  create(content: ViewContent, actor: string): Promise<SavedView>;
  /** Null where there is none. */
  update(id: string, changes: Partial<ViewContent>): Promise<SavedView | null>;
  remove(id: string): Promise<boolean>;
}
