/** A bar in a line of text: how large a part of the whole. The figure stands beside it in words. */
import { html, type Html } from "../html.ts";

export function meter(part: number, whole: number): Html {
  const width = whole <= 0 ? 0 : Math.max(1, Math.min(100, (100 * part) / whole));
  return html`<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="back" width="100" height="8" rx="2" />
    <rect class="fore" width="${width.toFixed(1)}" height="8" rx="2" />
  </svg>`;
}
