/** The same look-up over HTTP with keep-alive: `GET /suppressed?recipient=…&sender=…&tag=…`. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Answer, AnswerQuestion, PolicyQuestion } from "./answer.ts";

const MAX_ADDRESS = 1000;

export function httpHandler(
  answer: AnswerQuestion,
  onAnswer: (protocol: string, question: PolicyQuestion | null, answer: Answer, ms: number) => void,
): RequestListener {
  return (request, response) => void handle(request, response);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const url = URL.parse(request.url ?? "", "http://policy");
    const recipient = url?.searchParams.get("recipient") ?? "";
    if (request.method !== "GET" || url?.pathname !== "/suppressed")
      return send(response, 404, { error: "GET /suppressed?recipient=user@example.org" });
    if (recipient === "" || recipient.length > MAX_ADDRESS)
      return send(response, 400, { error: "recipient: expected an address" });
    const startedAt = performance.now();
    const question: PolicyQuestion = {
      recipient,
      sender: url.searchParams.get("sender"),
      instance: url.searchParams.get("instance"),
      tag: url.searchParams.get("tag"),
    };
    const given = await answer(question);
    send(response, given.kind === "defer" ? 503 : 200, bodyOf(given));
    onAnswer("http", question, given, performance.now() - startedAt);
  }
}

const bodyOf = (answer: Answer): object => ({
  suppressed: answer.kind === "refuse",
  reply: answer.kind === "pass" ? null : answer.reply,
  ...(answer.kind === "refuse"
    ? {
        cause: answer.entry.cause,
        reason: answer.entry.reason,
        since: new Date(answer.entry.createdAt).toISOString(),
        eventId: answer.entry.eventId,
      }
    : {}),
});

function send(response: ServerResponse, status: number, body: object): void {
  const json = JSON.stringify(body);
  response
    .writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(json) })
    .end(json);
}
