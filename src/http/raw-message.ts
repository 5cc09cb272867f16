import type { App } from "./app.ts";

/** A group of routes that takes whole messages as they are: the body is a Buffer. */
export function takeRawMessages(app: App, bodyLimit: number): void {
  app.addContentTypeParser(
    ["message/rfc822", "application/octet-stream"],
    { parseAs: "buffer", bodyLimit },
    (_request, body, done) => done(null, body),
  );
}
