/** Where the page of each thing that people ask about is. */
import type { Dimension } from "../store/log/log-query.ts";
import type { Texts } from "./language/texts.ts";
import { link, type View } from "./view.ts";

/** Path of its pages; keys of the catalogue: what one is called, and several. */
export const SLICES = {
  domain: { path: "domains", one: "domain", several: "domains" },
  provider: { path: "providers", one: "provider", several: "providers" },
  senderDomain: { path: "sender-domains", one: "senderDomain", several: "senderDomains" },
  sendingAddress: { path: "sending-addresses", one: "sendingAddress", several: "sendingAddresses" },
  tag: { path: "tags", one: "tag", several: "tags" },
} as const satisfies Partial<
  Record<
    Dimension,
    { readonly path: string; readonly one: keyof Texts["subjects"]; readonly several: keyof Texts["subjects"] }
  >
>;
export type Slice = keyof typeof SLICES;

export const sliceHref = (view: Pick<View, "basePath">, slice: Slice, value: string, days?: number): string =>
  link(view, `/${SLICES[slice].path}/${encodeURIComponent(value)}`, { days });

export const recipientPath = (address: string): string => `/recipients/${encodeURIComponent(address)}`;

export const mailHref = (view: Pick<View, "basePath">, messageId: string): string =>
  link(view, `/messages/${encodeURIComponent(messageId)}`);

export const incidentPath = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

/** A path of ours, never another site: `//evil.example` and `/\evil.example` are addresses elsewhere for a browser. */
export const safeNext = (next: string): string => (/^\/(?![/\\])[\x20-\x7e]*$/.test(next) ? next : "/");
