/** Fakes of SES API v2 and SendGrid v3, as their references describe them. */
import { lastPart, numberIn, startFakeApi, type FakeProvider, type FakeRequest, type Held } from "./fake-api.ts";
import { signatureProblem } from "./sigv4.ts";

const SES_KEY = { accessKeyId: "AKIDEXAMPLE", key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "eu-central-1" };

export async function startFakeSes(): Promise<FakeProvider> {
  const held = new Map<string, Held>();
  const api = await startFakeApi((request) => {
    const problem = signatureProblem(request, SES_KEY);
    if (problem)
      return {
        status: 403,
        headers: { "x-amzn-errortype": "InvalidSignatureException" },
        json: { message: problem },
      };
    const { method, url } = request;
    if (!url.pathname.startsWith("/v2/email/suppression/addresses")) return { status: 404, json: {} };
    if (method === "GET") {
      const size = numberIn(request, "PageSize", 1000);
      const from = Number(url.searchParams.get("NextToken") ?? "0");
      const page = [...held].slice(from, from + size);
      return {
        status: 200,
        json: {
          SuppressedDestinationSummaries: page.map(([EmailAddress, { reason, at }]) => ({
            EmailAddress,
            Reason: reason,
            LastUpdateTime: at / 1000,
          })),
          ...(from + size < held.size ? { NextToken: String(from + size) } : {}),
        },
      };
    }
    if (method === "PUT") {
      const { EmailAddress, Reason } = request.body as { EmailAddress: string; Reason: string };
      if (!EmailAddress.includes("@") || !/^(BOUNCE|COMPLAINT)$/.test(Reason))
        return {
          status: 400,
          headers: { "x-amzn-errortype": "BadRequestException" },
          json: { message: "Invalid input" },
        };
      held.set(EmailAddress, { reason: Reason, at: Date.now() });
      return { status: 200, json: {} };
    }
    if (held.delete(lastPart(request))) return { status: 200, json: {} };
    return {
      status: 404,
      headers: { "x-amzn-errortype": "NotFoundException" },
      json: { message: "Email address does not exist on your suppression list." },
    };
  });
  return {
    api,
    settings: { provider: "ses", ...SES_KEY },
    held,
    put: (address, reason, at) =>
      void held.set(address, { reason: reason === "complaint" ? "COMPLAINT" : "BOUNCE", at }),
  };
}

const SENDGRID_LISTS = ["bounces", "blocks", "spam_reports", "unsubscribes", "invalid_emails"];

/** Addresses are held as `list address`, since one may be on several. */
export async function startFakeSendgrid(): Promise<FakeProvider> {
  const held = new Map<string, Held>();
  const notFound = { status: 404, json: { errors: [{ field: null, message: "resource not found" }] } };
  const api = await startFakeApi((request) => {
    const { method, url, headers } = request;
    if (headers.authorization !== "Bearer SG.a-key-for-tests")
      return { status: 401, json: { errors: [{ field: null, message: "authorization required" }] } };
    if (method === "POST" && url.pathname === "/v3/asm/suppressions/global") {
      const { recipient_emails: emails } = request.body as { recipient_emails: string[] };
      if (emails.some((email) => email.startsWith("refused")))
        return { status: 400, json: { errors: [{ field: "recipient_emails", message: "invalid email" }] } };
      for (const email of emails) held.set(`unsubscribes ${email}`, { reason: "unsubscribes", at: Date.now() });
      return { status: 201, json: { recipient_emails: emails } };
    }
    const global = /^\/v3\/asm\/suppressions\/global\/(.+)$/.exec(url.pathname)?.[1];
    if (method === "DELETE" && global !== undefined) {
      held.delete(`unsubscribes ${decodeURIComponent(global)}`);
      return { status: 204 };
    }
    const list = /^\/v3\/suppression\/(\w+)/.exec(url.pathname)?.[1] ?? "";
    if (!SENDGRID_LISTS.includes(list)) return { status: 404 };
    if (method === "DELETE") return held.delete(`${list} ${lastPart(request)}`) ? { status: 204 } : notFound;
    return { status: 200, json: pageOf(request, list, held) };
  });
  return {
    api,
    settings: { provider: "sendgrid", key: "SG.a-key-for-tests" },
    held,
    put: (address, reason, at) => {
      const list = SENDGRID_LISTS.includes(reason) ? reason : reason === "complaint" ? "spam_reports" : "bounces";
      held.set(`${list} ${address}`, { reason: list, at });
    },
  };
}

function pageOf(request: FakeRequest, list: string, held: ReadonlyMap<string, Held>): object[] {
  const offset = numberIn(request, "offset", 0);
  return [...held]
    .filter(([name]) => name.startsWith(`${list} `))
    .slice(offset, offset + Math.min(500, numberIn(request, "limit", 500)))
    .map(([name, { at }]) => {
      const email = name.slice(list.length + 1);
      const created = Math.floor(at / 1000);
      if (list === "unsubscribes") return { created, email };
      return list === "spam_reports"
        ? { created, email, ip: "192.0.2.1" }
        : { created, email, reason: "550 5.1.1 unknown", status: "5.1.1" };
    });
}
