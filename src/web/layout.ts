/** The frame around every page. */
import { ASSET_VERSION } from "./asset-version.ts";
import { html, renderHtml, type Html } from "./html.ts";
import { icon, type IconName } from "./icons.ts";
import { LANGUAGE_NAMES, type Texts } from "./language/texts.ts";
import { link, type View } from "./view.ts";
import { SPOKEN_LANGUAGES } from "../config/config.ts";
import type { Access } from "../http/access/principal.ts";

interface NavEntry {
  readonly path: string;
  readonly name: keyof Texts["frame"] & IconName;
  readonly access: Access;
}

const NAVIGATION: readonly NavEntry[] = [
  { path: "/", name: "overview", access: "viewer" },
  { path: "/incidents", name: "incidents", access: "viewer" },
  { path: "/log", name: "log", access: "viewer" },
  { path: "/rates", name: "rates", access: "viewer" },
  { path: "/compare", name: "compare", access: "viewer" },
  { path: "/suppressions", name: "suppressions", access: "viewer" },
  { path: "/codes", name: "codes", access: "viewer" },
  { path: "/unmatched", name: "unmatched", access: "viewer" },
  { path: "/outputs", name: "outputs", access: "viewer" },
  { path: "/queues", name: "queues", access: "admin" },
  { path: "/people", name: "people", access: "admin" },
  { path: "/audit", name: "audit", access: "admin" },
  { path: "/setup", name: "setup", access: "viewer" },
];

export interface Page {
  readonly title: string;
  /** Beside the heading: buttons and the like. */
  readonly actions?: Html | null;
  readonly lead?: Html | string | null;
  readonly body: Html;
  /** Where the page goes by itself. */
  readonly onward?: string;
  /** A line that says what just happened. */
  readonly notice?: PageNotice | null;
}

export interface PageNotice {
  readonly tone: "good" | "bad" | "note";
  readonly text: Html | string;
}

const head = (view: View, { title, onward }: Pick<Page, "title" | "onward">): Html =>
  html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <meta name="csrf" content="${view.csrf}" />
    <meta name="base" content="${view.basePath}" />
    <meta name="words" content="${JSON.stringify(view.t.script)}" />
    ${onward !== undefined && html`<meta http-equiv="refresh" content="0; url=${onward}" />`}
    <title>${title} · bounced</title>
    <link rel="icon" href="${view.basePath}/assets/icon.svg" />
    <link rel="stylesheet" href="${view.basePath}/assets/console.css?v=${ASSET_VERSION}" />
    <script src="${view.basePath}/assets/theme.js?v=${ASSET_VERSION}"></script>
    <script type="module" src="${view.basePath}/assets/console.js?v=${ASSET_VERSION}"></script>
  </head>`;

export function renderPage(view: View, page: Page): string {
  return renderHtml(
    html`<!doctype html>
      <html lang="${view.language}">
        ${head(view, page)}
        <body>
          <a class="skip" href="#main">${view.t.frame.skip}</a>
          <header class="side">
            <a class="brand" href="${link(view, "/")}">${icon("logo")}<span>bounced</span></a>
            <form class="find" method="get" action="${link(view, "/find")}" role="search">
              ${icon("search")}<input
                type="search"
                name="q"
                maxlength="4000"
                aria-label="${view.t.frame.find}"
                placeholder="${view.t.frame.findPlaceholder}"
                autocomplete="off"
                spellcheck="false"
                data-find
              />
            </form>
            <nav aria-label="${view.t.frame.navigation}">
              <ul>
                ${NAVIGATION.filter((entry) => view.may(entry.access) && view.reaches(entry.path)).map(
                  (entry) =>
                    html`<li>
                      <a href="${link(view, entry.path)}" ${isCurrent(view, entry) && html`aria-current="page"`}
                        >${icon(entry.name)}<span>${view.t.frame[entry.name]}</span></a
                      >
                    </li>`,
                )}
              </ul>
            </nav>
            ${account(view)}
          </header>
          <main id="main" tabindex="-1">
            <div class="page-head">
              <div>
                <h1>${page.title}</h1>
                ${page.lead && html`<p class="lead">${page.lead}</p>`}
              </div>
              ${page.actions && html`<div class="actions">${page.actions}</div>`}
            </div>
            ${page.notice && noticeLine(page.notice)} ${page.body}
          </main>
          <div id="live" class="visually-hidden" role="status" aria-live="polite"></div>
        </body>
      </html>`,
  );
}

/** Without navigation: sign-in, and errors of people who are not signed in. */
export function renderBarePage(view: View, page: Page): string {
  return renderHtml(
    html`<!doctype html>
      <html lang="${view.language}">
        ${head(view, page)}
        <body class="bare">
          <main id="main">
            <p class="brand">${icon("logo")}<span>bounced</span></p>
            <h1>${page.title}</h1>
            ${page.lead && html`<p class="lead">${page.lead}</p>`} ${page.notice && noticeLine(page.notice)}
            ${page.body} ${languageSwitch(view)}
          </main>
        </body>
      </html>`,
  );
}

/** One button each, so that it works without script. */
const languageSwitch = (view: View): Html =>
  html`<details class="languages">
    <summary class="quiet" title="${view.t.frame.language}">
      ${icon("language")}<span class="visually-hidden">${view.t.frame.language}: </span
      ><span>${LANGUAGE_NAMES[view.language]}</span>
    </summary>
    <form method="post" action="${link(view, "/language")}">
      ${csrfField(view)}<input type="hidden" name="back" value="${view.url}" />
      ${SPOKEN_LANGUAGES.map(
        (language) =>
          html`<button
            class="quiet"
            name="language"
            value="${language}"
            lang="${language}"
            ${language === view.language && html`aria-current="true"`}
          >
            ${LANGUAGE_NAMES[language]}
          </button>`,
      )}
    </form>
  </details>`;

export const noticeLine = (notice: PageNotice): Html =>
  html`<p class="notice ${notice.tone}" role="${notice.tone === "bad" ? "alert" : "status"}">${notice.text}</p>`;

/** Goes first into every form that changes something. */
export const csrfField = (view: View): Html => html`<input type="hidden" name="_csrf" value="${view.csrf}" />`;

const isCurrent = (view: View, entry: NavEntry): boolean =>
  entry.path === "/" ? view.path === "/" : view.path === entry.path || view.path.startsWith(`${entry.path}/`);

function account(view: View): Html {
  return html`<div class="account">
    <button type="button" class="quiet" data-theme-toggle aria-label="${view.t.frame.switchTheme}">
      ${icon("theme")}<span>${view.t.frame.theme}</span>
    </button>
    <a class="quiet" href="${link(view, "/reference")}">${icon("api")}<span>${view.t.frame.api}</span></a>
    ${languageSwitch(view)}
    ${
      (view.principal?.via === "session" || view.principal?.via === "person") &&
      html`<form method="post" action="${link(view, "/sign-out")}">
        ${csrfField(view)}<button class="quiet" title="${view.principal.name}, ${view.principal.role}">
          ${icon("out")}<span>${view.t.frame.signOut}</span>
        </button>
      </form>`
    }
  </div>`;
}
