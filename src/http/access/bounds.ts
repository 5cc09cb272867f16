/** What a token is bound to: several teams share one log and one list, and each sees and changes its part. */
import { z } from "zod";
import { fold, normalAddress } from "../../addresses/normal-address.ts";

export const boundsSchema = z.object({
  /** Empty: of every tag, as with domains. */
  tags: z.array(z.string().min(1).max(200)),
  domains: z.array(z.string().min(1).max(255)),
});
/** Both must hold where both are given. */
export type Bounds = z.infer<typeof boundsSchema>;

/** As they are compared; null where nothing is bound. */
export function boundsOf(tags: readonly string[], domains: readonly string[]): Bounds | null {
  if (tags.length + domains.length === 0) return null;
  return { tags: tags.map((tag) => fold(tag.trim())), domains: domains.map((domain) => normalAddress(domain)) };
}

export const boundsWords = ({ tags, domains }: Bounds): string =>
  [tags.length > 0 ? `tag ${tags.join(", ")}` : "", domains.length > 0 ? `domain ${domains.join(", ")}` : ""]
    .filter(Boolean)
    .join("; ");
