/** Where the page of each thing that people ask about is. */
import type { Dimension } from "../store/log/log-query.ts";
import { link, type View } from "./view.ts";

/** Path of its pages, and what it is called. */
export const SLICES = {
  domain: { path: "domains", name: "Recipient domain" },
  provider: { path: "providers", name: "Provider" },
  senderDomain: { path: "sender-domains", name: "Sending domain" },
  sendingAddress: { path: "sending-addresses", name: "Sending IP address" },
  tag: { path: "tags", name: "Tag" },
} as const satisfies Partial<Record<Dimension, { readonly path: string; readonly name: string }>>;
export type Slice = keyof typeof SLICES;

export const sliceHref = (view: Pick<View, "basePath">, slice: Slice, value: string, days?: number): string =>
  link(view, `/${SLICES[slice].path}/${encodeURIComponent(value)}`, { days });

export const recipientPath = (address: string): string => `/recipients/${encodeURIComponent(address)}`;

export const mailHref = (view: Pick<View, "basePath">, messageId: string): string =>
  link(view, `/messages/${encodeURIComponent(messageId)}`);

/** A path of ours, never another site: `//evil.example` and `/\evil.example` are addresses elsewhere for a browser. */
export const safeNext = (next: string): string => (/^\/(?![/\\])[\x20-\x7e]*$/.test(next) ? next : "/");
