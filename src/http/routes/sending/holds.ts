/** What a sender can ask before it sends on: which tags, domains and providers have a rate above its line. */
import { z } from "zod";
import { HOLD_DIMENSIONS, holdSchema } from "../../../tallies/holds.ts";
import { tallyValue } from "../../../tallies/tally.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { sendsShape } from "../../sends.ts";

export function holdRoutes(app: App, { store }: Pick<HttpContext, "store">): void {
  app.get(
    "/v1/holds",
    {
      config: { access: "viewer" },
      schema: {
        tags: ["stats"],
        summary: "Tags, recipient domains and providers whose rate is above its line",
        description:
          "bounced holds nothing by itself: your sending system decides. With `tag`, `domain` or `provider`, only the holds of these; none means: send.",
        querystring: z.strictObject({
          tag: sendsShape.tag,
          domain: sendsShape.domain,
          provider: sendsShape.provider,
        }),
        response: { 200: z.object({ holds: z.array(holdSchema) }) },
      },
    },
    async ({ query }) => {
      const asked = HOLD_DIMENSIONS.filter((dimension) => query[dimension] !== undefined);
      const holds = await store.holds();
      return {
        holds: holds.filter(
          ({ dimension, value }) =>
            asked.length === 0 || (asked.includes(dimension) && value === tallyValue(query[dimension] ?? "")),
        ),
      };
    },
  );
}
