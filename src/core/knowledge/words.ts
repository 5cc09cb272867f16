/** How a language pack writes lists of words. */
import { z } from "zod";

/** `[a, b c]`, or `a | b c` for lists that run over many lines; blanks around the bars do not count. */
export const words = z.union([
  z.array(z.string().trim().min(1)),
  z.string().transform((text) =>
    text
      .split("|")
      .map((word) => word.trim().replaceAll(/\s+/g, " "))
      .filter((word) => word !== ""),
  ),
]) as unknown as z.ZodType<readonly string[]>;
