/** What every page needs to know of the request: who looks, where the service is mounted, and links under it. */
import type { FastifyRequest } from "fastify";
import { isForMasked } from "../http/access/masked-routes.ts";
import { seesMasked } from "../http/access/masking.ts";
import { allows, type Access, type Principal } from "../http/access/principal.ts";
import { csrfToken } from "../http/access/session.ts";
import type { Language } from "../config/config.ts";
import type { HttpContext } from "../http/context.ts";
import { pageLanguage } from "./language/choose.ts";
import { textsIn, type Texts } from "./language/texts.ts";

export interface View {
  readonly basePath: string;
  /** Path of the page without the base, for the navigation. */
  readonly path: string;
  /** Of this page with its query, under which it can be opened again. */
  readonly url: string;
  readonly principal: Principal | null;
  /** Empty for a caller without a session: the check of the request's origin stands alone then. */
  readonly csrf: string;
  readonly now: number;
  readonly version: string;
  readonly language: Language;
  /** What the page says, in that language, and how the language writes numbers and times. */
  readonly t: Texts;
  may(access: Access): boolean;
  /** Whether that page is for this reader: with masked data fewer are. */
  reaches(path: string): boolean;
  /** `google` -> `Google`. What no rule file knows stays as it is. */
  readonly providerName: (id: string) => string;
}

/** What a page needs to say who looks and where it is mounted. */
export type ViewContext = Pick<
  HttpContext,
  "settings" | "sessionKey" | "now" | "version" | "reading" | "language" | "config"
>;

export function viewOf(request: FastifyRequest, context: ViewContext): View {
  const { principal, session } = request;
  const language = pageLanguage(request, {
    fixed: context.config.BOUNCED_PAGE_LANGUAGE,
    otherwise: context.language,
  });
  return {
    basePath: context.settings.basePath,
    path: request.url.split("?")[0] ?? "/",
    // The answer to a form has an address that only forms can ask; the room it belongs to opens instead.
    url: request.method === "GET" ? request.url : (/^\/[\w-]*/.exec(request.url)?.[0] ?? "/"),
    principal,
    csrf: session ? csrfToken(session, context.sessionKey) : "",
    now: context.now(),
    version: context.version,
    language,
    t: textsIn(language),
    may: (access) => allows(principal, access),
    reaches: (path) => !seesMasked(principal, context.config.file.access) || isForMasked("GET", path),
    providerName: (id) =>
      context.reading().rules.providers.find(({ provider }) => provider.id === id)?.provider.name ?? id,
  };
}

export type LinkParameters = Readonly<Record<string, string | number | null | undefined | readonly string[]>>;

/** A link under the base path. Empty values are left out, so that the URL says only what differs. */
export function link(view: Pick<View, "basePath">, path: string, parameters: LinkParameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== null && one !== undefined && one !== "") query.append(name, String(one));
  }
  const text = query.toString();
  return `${view.basePath}${path}${text && `?${text}`}`;
}
