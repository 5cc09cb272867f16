/** Line icons, drawn here: 24 by 24, one stroke. They repeat what the words beside them say. */
import { html, type Html } from "./html.ts";

const PATHS = {
  overview: html`<path d="M4 20V10M10 20V4M16 20v-8M21 20H3" />`,
  incidents: html`<path d="M2 13h4l3-9 5 17 3-8h5" />`,
  log: html`<path d="M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01" />`,
  rates: html`<path d="M5 19L19 5" /><circle cx="7" cy="7" r="3" /><circle cx="17" cy="17" r="3" />`,
  compare: html`<path d="M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4" />`,
  suppressions: html`<circle cx="12" cy="12" r="9" /><path d="M5.6 5.6l12.8 12.8" />`,
  codes: html`<path d="M4 4.5A2.5 2.5 0 0 1 6.5 2H20v20H6.5A2.5 2.5 0 0 1 4 19.5zM4 19.5A2.5 2.5 0 0 1 6.5 17H20" />`,
  unmatched: html`<circle cx="12" cy="12" r="9" /><path
      d="M9.2 9.2a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.3M12 17.2h.01"
    />`,
  outputs: html`<path d="M21 3L3 10.5l7 3 3 7zM21 3L10 13.5" />`,
  queues: html`<path d="M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5" />`,
  people: html`<circle cx="9" cy="8" r="4" /><path
      d="M2 21v-1a6 6 0 0 1 6-6h2a6 6 0 0 1 6 6v1M16 4.2a4 4 0 0 1 0 7.6M22 21v-1a6 6 0 0 0-4-5.6"
    />`,
  audit: html`<path d="M12 3l8 3v6c0 4.5-3.3 7.6-8 9-4.7-1.4-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5" />`,
  setup: html`<circle cx="12" cy="12" r="3" /><path
      d="M12 2v4M12 18v4M2 12h4M18 12h4M5 5l2.8 2.8M16.2 16.2L19 19M19 5l-2.8 2.8M7.8 16.2L5 19"
    />`,
  theme: html`<path d="M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z" />`,
  language: html`<circle cx="12" cy="12" r="9" /><path
      d="M3 12h18M12 3c2.8 2.4 4 5.4 4 9s-1.2 6.6-4 9c-2.8-2.4-4-5.4-4-9s1.2-6.6 4-9z"
    />`,
  api: html`<path d="M8 6l-6 6 6 6M16 6l6 6-6 6" />`,
  out: html`<path d="M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4M16 17l5-5-5-5M21 12H9" />`,
  search: html`<circle cx="11" cy="11" r="7" /><path d="M20 20l-4-4" />`,
  download: html`<path d="M12 3v12M7 11l5 5 5-5M4 21h16" />`,
  copy: html`<rect x="9" y="9" width="12" height="12" rx="2" /><path
      d="M5 15H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v1"
    />`,
  logo: html`<path d="M3 7l7 5.5L21 4" /><path d="M21 4v6M21 4h-6M3 7v11a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-3" />`,
  check: html`<path d="M4 12.5l5.5 5.5L20 6.5" />`,
  cross: html`<path d="M5 5l14 14M19 5L5 19" />`,
  warn: html`<path d="M12 3.5L22 20.5H2zM12 10v5M12 17.8h.01" />`,
} as const;
export type IconName = keyof typeof PATHS;

export const icon = (name: IconName): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
