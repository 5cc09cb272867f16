/** The saved views, on each of the pages that can be saved as one. */
import type { SavedView, ViewPage } from "../../store/views/saved-view.ts";
import { html, type Html } from "../html.ts";
import { link, type View } from "../view.ts";

export const viewHref = (view: Pick<View, "basePath">, { page, query }: Pick<SavedView, "page" | "query">): string =>
  `${link(view, `/${page}`)}${query && `?${query}`}`;

/** `query`: of the page that is shown. */
export function viewMenu(view: View, saved: readonly SavedView[], page: ViewPage, query: string): Html | null {
  if (!view.reaches("/views")) return null;
  const { views } = view.t;
  return html`<details class="menu">
    <summary class="button">${views.menu}</summary>
    <ul>
      ${saved.map(
        (one) =>
          html`<li>
            <a href="${viewHref(view, one)}">${one.name}<span class="soft small"> ${views.pages[one.page]}</span></a>
          </li>`,
      )}
      ${view.may("operator") && html`<li><a href="${link(view, "/views", { page, query })}">${views.saveThis}</a></li>`}
      <li><a href="${link(view, "/views")}">${views.all}</a></li>
    </ul>
  </details>`;
}

/** Of a request: what is behind the question mark. */
export const queryText = (url: string): string => url.split("?").slice(1).join("?").slice(0, 2000);
