/** What must not be shown: settings marked as secret in their schema, and what URLs carry beside the place they name. */
import { z } from "zod";

/** `z.string().register(SECRETS)`, as the last call of the chain: each call makes another schema. */
export const SECRETS = z.registry<undefined>();

const HIDDEN = "***";

/** The value as one may show it: the schema's secrets and those in its URLs replaced, at any depth. */
export function hideSecrets(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === undefined || value === null || value === "") return value;
  if (SECRETS.has(schema)) return Array.isArray(value) ? value.map(() => HIDDEN) : HIDDEN;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return mapValues(value, (inner, key) => {
        const field = def.shape[key];
        return field ? hideSecrets(field, inner) : HIDDEN;
      });
    case "record":
      return mapValues(value, (inner) => hideSecrets(def.valueType, inner));
    case "array":
      return Array.isArray(value) ? value.map((inner) => hideSecrets(def.element, inner)) : HIDDEN;
    case "union":
      return def.options.reduce(
        (shown: unknown, option) => (fits(option, shown) ? hideSecrets(option, shown) : shown),
        value,
      );
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return hideSecrets(def.innerType, value);
    case "pipe":
      return hideSecrets(def.out, hideSecrets(def.in, value));
    default:
      return hideUrls(value);
  }
}

/** Userinfo, query values, fragments, and parts of the path that are as long as a key, in whatever looks like a URL. */
export function hideInUrl(text: string): string {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(text) ?? [];
  if (scheme === undefined) return text;
  const [place = "", ...query] = rest.split(/(?=[?#])/);
  // A password may hold what ends an authority: whatever stands before the last @ goes.
  const [authority = "", ...path] = place.replace(/^.*@/s, `${HIDDEN}@`).split("/");
  return [
    scheme,
    [authority, ...path.map((part) => (part.length >= KEY_LENGTH && !part.includes(".") ? HIDDEN : part))].join("/"),
    ...query.map((part) =>
      part.startsWith("#") ? `#${HIDDEN}` : part.replaceAll(/([?&])([^=&]*)(=?)[^&]*/g, hideParameter),
    ),
  ].join("");
}

const KEY_LENGTH = 20;

const hideParameter = (_all: string, mark: string, name: string, sign: string): string =>
  sign === "" ? `${mark}${name === "" ? "" : HIDDEN}` : `${mark}${name}=${HIDDEN}`;

function hideUrls(value: unknown): unknown {
  if (typeof value === "string") return hideInUrl(value);
  if (Array.isArray(value)) return value.map(hideUrls);
  return typeof value === "object" ? mapValues(value, hideUrls) : value;
}

const mapValues = (value: unknown, show: (inner: unknown, key: string) => unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, show(inner, key)]))
    : hideUrls(value);

/** Which of a union's options a value is of: by its shape, because its values may have been transformed or hidden. */
const fits = (schema: z.core.$ZodType, value: unknown): boolean => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "object" || def.type === "record") return typeof value === "object" && !Array.isArray(value);
  if (def.type === "array") return Array.isArray(value);
  return typeof value !== "object" || def.type === "pipe" || def.type === "optional" || def.type === "nullable";
};
