/** The API reference as one readable page, from the OpenAPI document. No script, nothing from elsewhere. */
import { html, renderHtml, type Html } from "../web/html.ts";

interface Schema {
  readonly [key: string]: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<
    Record<
      string,
      { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }
    >
  >;
  readonly "x-access"?: string;
}

export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Entry {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

export function renderReference(document: OpenApiDocument, basePath: string): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ path, method, operation })),
  );
  const tags = (document.tags ?? []).filter((tag) => entries.some((entry) => entry.operation.tags?.includes(tag.name)));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>API · ${document.info.title}</title>
        <link rel="icon" href="${basePath}/assets/icon.svg" />
        <link rel="stylesheet" href="${basePath}/reference.css" />
      </head>
      <body>
        <nav aria-label="Resources">
          <p><a href="${basePath}/">${document.info.title}</a> API ${document.info.version}</p>
          ${tags.map(
            (tag) =>
              html`<h2><a href="#${tag.name}">${tag.name}</a></h2>
                <ul>
                  ${entries
                    .filter((entry) => entry.operation.tags?.includes(tag.name))
                    .map(
                      (entry) =>
                        html`<li>
                          <a href="#${anchorOf(entry)}"
                            ><b class="${entry.method}">${entry.method.toUpperCase()}</b> ${entry.path}</a
                          >
                        </li>`,
                    )}
                </ul>`,
          )}
        </nav>
        <main>
          <h1>${document.info.title} API</h1>
          <p>${document.info.description}</p>
          <p>
            The same in machine form: <a href="${basePath}/openapi.json">openapi.json</a>. Send
            <code>Authorization: Bearer &lt;token&gt;</code>; make a token with <code>bounced token create</code>.
            Errors are <code>application/problem+json</code>.
          </p>
          ${tags.map(
            (tag) =>
              html`<section id="${tag.name}">
                <h2>${tag.name}</h2>
                <p>${tag.description}</p>
                ${entries.filter((entry) => entry.operation.tags?.includes(tag.name)).map(renderOperation)}
              </section>`,
          )}
        </main>
      </body>
    </html>`;
  return renderHtml(page);
}

const anchorOf = ({ method, path }: Entry): string => `${method}${path.replaceAll(/[^a-z0-9]+/gi, "-")}`;

function renderOperation(entry: Entry): Html {
  const { operation } = entry;
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  return html`<article id="${anchorOf(entry)}">
    <h3><b class="${entry.method}">${entry.method.toUpperCase()}</b> <code>${entry.path}</code></h3>
    <p>
      <strong>${operation.summary}</strong>
      <span class="access">${operation["x-access"] ? `needs ${operation["x-access"]}` : "open to everyone"}</span>
    </p>
    ${operation.description && html`<p>${operation.description}</p>`}
    ${
      operation.parameters &&
      html`<table>
        <thead>
          <tr>
            <th scope="col">parameter</th>
            <th scope="col">in</th>
            <th scope="col">value</th>
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          ${operation.parameters.map(
            (parameter) =>
              html`<tr>
                <td><code>${parameter.name}</code>${parameter.required && html` <em>required</em>`}</td>
                <td>${parameter.in}</td>
                <td>${describeSchema(parameter.schema)}</td>
                <td>${parameter.description ?? textOf(parameter.schema?.["description"])}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
    ${bodies.map(
      ([type, body]) =>
        html`<details>
          <summary>Body, <code>${type}</code></summary>
          <pre tabindex="0">${pretty(body.schema)}</pre>
        </details>`,
    )}
    ${Object.entries(operation.responses ?? {}).map(
      ([status, response]) =>
        html`<details>
          <summary>Answer ${status}</summary>
          <pre tabindex="0">${pretty(Object.values(response.content ?? {})[0]?.schema)}</pre>
        </details>`,
    )}
  </article>`;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const pretty = (schema: Schema | undefined): string => (schema ? JSON.stringify(schema, null, 2) : "no schema");

/** `integer, 1 to 1000`, `one of: hard, soft` */
function describeSchema(schema: Schema | undefined): string {
  if (!schema) return "";
  if (Array.isArray(schema["enum"])) return `one of: ${schema["enum"].join(", ")}`;
  const parts = [textOf(schema["type"]) || (schema["anyOf"] ? "text or list" : "text"), textOf(schema["format"])];
  const { minimum, maximum } = schema;
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    parts.push(`${minimum} to ${maximum}`);
  if (schema["default"] !== undefined) parts.push(`default ${JSON.stringify(schema["default"])}`);
  return parts.filter(Boolean).join(", ");
}
