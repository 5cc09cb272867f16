/** The frame around every page. */
import { ASSET_VERSION } from "./asset-version.ts";
import { html, renderHtml, type Html } from "./html.ts";
import { icon, type IconName } from "./icons.ts";
import { link, type View } from "./view.ts";
import type { Access } from "../http/access/principal.ts";

interface NavEntry {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  readonly access: Access;
}

const NAVIGATION: readonly NavEntry[] = [
  { path: "/", name: "Overview", icon: "overview", access: "viewer" },
  { path: "/log", name: "Log", icon: "log", access: "viewer" },
  { path: "/rates", name: "Rates", icon: "rates", access: "viewer" },
  { path: "/suppressions", name: "Suppressions", icon: "suppressions", access: "viewer" },
  { path: "/codes", name: "Codes", icon: "codes", access: "viewer" },
  { path: "/unmatched", name: "Unmatched", icon: "unmatched", access: "viewer" },
  { path: "/queues", name: "Queues", icon: "queues", access: "admin" },
  { path: "/setup", name: "Set-up", icon: "setup", access: "viewer" },
];

export interface Page {
  readonly title: string;
  /** Beside the heading: buttons and the like. */
  readonly actions?: Html | null;
  readonly lead?: Html | string | null;
  readonly body: Html;
  /** A line that says what just happened. */
  readonly notice?: PageNotice | null;
}

export interface PageNotice {
  readonly tone: "good" | "bad" | "note";
  readonly text: Html | string;
}

const head = (view: View, title: string): Html =>
  html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <meta name="csrf" content="${view.csrf}" />
    <meta name="base" content="${view.basePath}" />
    <title>${title} · bounced</title>
    <link rel="icon" href="${view.basePath}/assets/icon.svg" />
    <link rel="stylesheet" href="${view.basePath}/assets/console.css?v=${ASSET_VERSION}" />
    <script src="${view.basePath}/assets/theme.js?v=${ASSET_VERSION}"></script>
    <script type="module" src="${view.basePath}/assets/console.js?v=${ASSET_VERSION}"></script>
  </head>`;

export function renderPage(view: View, page: Page): string {
  return renderHtml(
    html`<!doctype html>
      <html lang="en">
        ${head(view, page.title)}
        <body>
          <a class="skip" href="#main">Skip to content</a>
          <header class="side">
            <a class="brand" href="${link(view, "/")}">${icon("logo")}<span>bounced</span></a>
            <form class="find" method="get" action="${link(view, "/find")}" role="search">
              ${icon("search")}<input
                type="search"
                name="q"
                maxlength="4000"
                aria-label="Find an address, a domain, a tag, an event, a Message-ID or a server response"
                placeholder="Find"
                autocomplete="off"
                spellcheck="false"
                data-find
              />
            </form>
            <nav aria-label="Main">
              <ul>
                ${NAVIGATION.filter((entry) => view.may(entry.access)).map(
                  (entry) =>
                    html`<li>
                      <a href="${link(view, entry.path)}" ${isCurrent(view, entry) && html`aria-current="page"`}
                        >${icon(entry.icon)}<span>${entry.name}</span></a
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
      <html lang="en">
        ${head(view, page.title)}
        <body class="bare">
          <main id="main">
            <p class="brand">${icon("logo")}<span>bounced</span></p>
            <h1>${page.title}</h1>
            ${page.lead && html`<p class="lead">${page.lead}</p>`} ${page.notice && noticeLine(page.notice)}
            ${page.body}
          </main>
        </body>
      </html>`,
  );
}

export const noticeLine = (notice: PageNotice): Html =>
  html`<p class="notice ${notice.tone}" role="${notice.tone === "bad" ? "alert" : "status"}">${notice.text}</p>`;

/** Goes first into every form that changes something. */
export const csrfField = (view: View): Html => html`<input type="hidden" name="_csrf" value="${view.csrf}" />`;

const isCurrent = (view: View, entry: NavEntry): boolean =>
  entry.path === "/" ? view.path === "/" : view.path === entry.path || view.path.startsWith(`${entry.path}/`);

function account(view: View): Html {
  return html`<div class="account">
    <button type="button" class="quiet" data-theme-toggle aria-label="Switch between light and dark">
      ${icon("theme")}<span>Theme</span>
    </button>
    <a class="quiet" href="${link(view, "/reference")}">${icon("api")}<span>API</span></a>
    ${
      view.principal?.via === "session" &&
      html`<form method="post" action="${link(view, "/sign-out")}">
        ${csrfField(view)}<button class="quiet" title="${view.principal.name}, ${view.principal.role}">
          ${icon("out")}<span>Sign out</span>
        </button>
      </form>`
    }
  </div>`;
}
