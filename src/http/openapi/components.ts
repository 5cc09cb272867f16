/** Schemas that have a name in the OpenAPI document, and so in the clients. */
import { z } from "zod";
import { codesSchema, eventSchema, evidenceSchema } from "../../event/event.ts";
import { changeSchema, suppressionSchema } from "../routes/suppressions.ts";

type Meta = z.core.GlobalMeta & { readonly id: string };

/** `describe` writes to zod's registry of all. The names are in one of ours: other documents keep whole schemas. */
class WithDescriptions extends WeakMap<z.core.$ZodType, Meta> {
  override get(schema: z.core.$ZodType): Meta | undefined {
    return super.get(schema) ?? (z.globalRegistry._map.get(schema) as Meta | undefined);
  }
}

export const COMPONENTS = z.registry<Meta>();
COMPONENTS._map = new WithDescriptions();
COMPONENTS.add(eventSchema, { id: "Event" });
COMPONENTS.add(evidenceSchema, { id: "Evidence" });
COMPONENTS.add(codesSchema, { id: "Codes" });
COMPONENTS.add(suppressionSchema, { id: "Suppression" });
COMPONENTS.add(changeSchema, { id: "SuppressionChange" });
