/** Section `access` of bounced.yaml, docs/access.md. */
import { z } from "zod";

export const accessSchema = z.strictObject({
  /** Roles that see no personal data. Operators and admins act on addresses. */
  maskPersonalData: z.array(z.enum(["viewer"])).default([]),
});
export type AccessSettings = z.infer<typeof accessSchema>;
