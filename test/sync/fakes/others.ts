/** Fakes of Mailgun, Postmark, SparkPost, Resend and Brevo, as their references describe them. */
import { lastPart, numberIn, startFakeApi, type FakeProvider, type Held } from "./fake-api.ts";

const iso = (at: number): string => new Date(at).toISOString();
const causeOf = (reason: string): string => reason.split(" ", 1)[0] ?? "";

/** Held as `list address`. */
export async function startFakeMailgun(): Promise<FakeProvider> {
  const held = new Map<string, Held>();
  const api = await startFakeApi((request) => {
    const { method, url, headers } = request;
    if (headers.authorization !== `Basic ${Buffer.from("api:key-for-tests").toString("base64")}`)
      return { status: 401, text: "Forbidden" };
    const [, domain, list = ""] = /^\/v3\/([^/]+)\/(bounces|complaints|unsubscribes)/.exec(url.pathname) ?? [];
    if (domain !== "mg.example.com") return { status: 404, json: { message: "Domain not found: x" } };
    if (method === "POST") {
      const rows = request.body as { address: string }[];
      if (rows.length > 1000) return { status: 400, json: { message: "Batch size should be less than 1000" } };
      for (const { address } of rows) held.set(`${list} ${address}`, { reason: list, at: Date.now() });
      return { status: 200, json: { message: `${rows.length} addresses have been added to the ${list} table` } };
    }
    if (method === "DELETE")
      return held.delete(`${list} ${lastPart(request)}`)
        ? { status: 200, json: { address: lastPart(request), message: "Bounced address has been removed" } }
        : { status: 404, json: { message: `Address not found in ${list} table` } };
    const limit = numberIn(request, "limit", 100);
    const all = [...held].filter(([name]) => name.startsWith(`${list} `));
    const from = numberIn(request, "address", 0);
    const page = all.slice(from, from + limit);
    const nextUrl = `http://${headers.host}/v3/${domain}/${list}?page=next&address=${from + page.length}&limit=${limit}`;
    return {
      status: 200,
      json: {
        items: page.map(([name, { at }]) => ({
          address: name.slice(list.length + 1),
          created_at: new Date(at).toUTCString(),
          ...(list === "bounces" ? { code: "550", error: "No such mailbox" } : {}),
        })),
        paging: { first: nextUrl, next: nextUrl, previous: nextUrl, last: nextUrl },
      },
    };
  });
  return {
    api,
    settings: { provider: "mailgun", key: "key-for-tests", domain: "mg.example.com" },
    held,
    put: (address, reason, at) => {
      const list = reason === "complaint" ? "complaints" : "bounces";
      held.set(`${list} ${address}`, { reason: list, at });
    },
  };
}

export async function startFakePostmark(): Promise<FakeProvider> {
  const held = new Map<string, Held>();
  const api = await startFakeApi((request) => {
    const { method, url, headers } = request;
    if (headers["x-postmark-server-token"] !== "token-for-tests")
      return { status: 401, json: { ErrorCode: 10, Message: "Bad or missing Server API token." } };
    const end = /^\/message-streams\/outbound\/suppressions(\/dump|\/delete)?$/.exec(url.pathname);
    if (!end) return { status: 404, json: { ErrorCode: 1226, Message: "The message stream was not found." } };
    if (method === "GET")
      return {
        status: 200,
        json: {
          Suppressions: [...held].map(([EmailAddress, { reason, at }]) => ({
            EmailAddress,
            SuppressionReason: reason,
            Origin: "Recipient",
            CreatedAt: iso(at),
          })),
        },
      };
    const { Suppressions } = request.body as { Suppressions: { EmailAddress: string }[] };
    if (Suppressions.length > 50) return { status: 422, json: { ErrorCode: 403, Message: "Too many" } };
    return {
      status: 200,
      json: {
        Suppressions: Suppressions.map(({ EmailAddress }) => {
          const isRefused = end[1]
            ? held.get(EmailAddress)?.reason === "SpamComplaint"
            : EmailAddress.startsWith("refused");
          if (isRefused) return { EmailAddress, Status: "Failed", Message: "You do not have the required authority." };
          if (end[1]) held.delete(EmailAddress);
          else held.set(EmailAddress, { reason: "ManualSuppression", at: Date.now() });
          return { EmailAddress, Status: end[1] ? "Deleted" : "Suppressed", Message: null };
        }),
      },
    };
  });
  return {
    api,
    settings: { provider: "postmark", key: "token-for-tests" },
    held,
    put: (address, reason, at) =>
      void held.set(address, { reason: reason === "complaint" ? "SpamComplaint" : "HardBounce", at }),
  };
}

/** Held as `type address`. */
export async function startFakeSparkpost(): Promise<FakeProvider> {
  const held = new Map<string, Held>();
  const api = await startFakeApi((request) => {
    const { method, url, headers } = request;
    if (headers.authorization !== "spark-key-for-tests")
      return { status: 401, json: { errors: [{ message: "Unauthorized." }] } };
    if (!url.pathname.startsWith("/api/v1/suppression-list")) return { status: 404 };
    if (method === "PUT") {
      const { recipients } = request.body as { recipients: { recipient: string; type: string }[] };
      for (const { recipient, type } of recipients)
        held.set(`${type} ${recipient}`, { reason: "Manually Added", at: Date.now() });
      return { status: 200, json: { results: { message: "Suppression List successfully updated" } } };
    }
    if (method === "DELETE") {
      const address = lastPart(request);
      const mine = [...held].filter(([name]) => name.endsWith(` ${address}`));
      if (mine.some(([, { reason }]) => reason === "Compliance"))
        return { status: 403, json: { errors: [{ message: "Recipient could not be removed - Compliance" }] } };
      for (const [name] of mine) held.delete(name);
      return mine.length > 0
        ? { status: 204 }
        : { status: 404, json: { errors: [{ message: "Recipient could not be found" }] } };
    }
    const cursor = url.searchParams.get("cursor");
    const from = cursor === "initial" ? 0 : Number(cursor);
    const size = Math.min(10_000, numberIn(request, "per_page", 1000));
    const page = [...held].slice(from, from + size);
    const links = [{ href: `/api/v1/suppression-list?cursor=initial&per_page=${size}`, rel: "first" }];
    if (from + size < held.size)
      links.push({ href: `/api/v1/suppression-list?cursor=${from + size}&per_page=${size}`, rel: "next" });
    return {
      status: 200,
      json: {
        results: page.map(([name, { reason, at }]) => ({
          recipient: name.slice(causeOf(name).length + 1),
          type: causeOf(name),
          source: reason,
          description: "550 5.1.1 unknown",
          created: iso(at),
          updated: iso(at),
          [causeOf(name)]: true,
        })),
        links,
        total_count: held.size,
      },
    };
  });
  return {
    api,
    settings: { provider: "sparkpost", key: "spark-key-for-tests" },
    held,
    put: (address, reason, at) => {
      const source = reason === "complaint" ? "Spam Complaint" : reason === "bounce" ? "Bounce Rule" : reason;
      held.set(`non_transactional ${address}`, { reason: source, at });
    },
  };
}

export async function startFakeResend(): Promise<FakeProvider> {
  const held = new Map<string, Held>();
  const idOf = (email: string): string => Buffer.from(email).toString("hex");
  const api = await startFakeApi((request) => {
    const { method, url, headers } = request;
    if (headers.authorization !== "Bearer re_key_for_tests")
      return { status: 401, json: { name: "missing_api_key", message: "Missing API key", statusCode: 401 } };
    if (method === "GET" && url.pathname === "/suppressions") {
      const all = [...held.keys()];
      const after = url.searchParams.get("after");
      const from = after === null ? 0 : all.findIndex((email) => idOf(email) === after) + 1;
      const page = all.slice(from, from + Math.min(100, numberIn(request, "limit", 20)));
      return {
        status: 200,
        json: {
          object: "list",
          has_more: from + page.length < all.length,
          data: page.map((email) => ({
            object: "suppression",
            id: idOf(email),
            email,
            origin: held.get(email)?.reason,
            source_id: null,
            created_at: iso(held.get(email)?.at ?? 0),
          })),
        },
      };
    }
    const end = /^\/suppressions\/batch\/(add|remove)$/.exec(url.pathname)?.[1];
    const { emails } = (request.body ?? {}) as { emails?: string[] };
    if (method !== "POST" || !end || !emails || emails.length < 1)
      return { status: 404, json: { name: "not_found", message: "The requested endpoint does not exist" } };
    if (emails.length > 100) return { status: 422, json: { name: "validation_error", message: "at most 100" } };
    const data = emails.flatMap((email) => {
      if (end === "add") held.set(email, { reason: "manual", at: Date.now() });
      else if (!held.delete(email)) return [];
      return [{ object: "suppression", id: idOf(email), ...(end === "add" ? {} : { deleted: true }) }];
    });
    return { status: end === "add" ? 201 : 200, json: { data } };
  });
  return {
    api,
    settings: { provider: "resend", key: "re_key_for_tests" },
    held,
    put: (address, reason, at) => void held.set(address, { reason, at }),
  };
}

/** Contacts and their blocks are one here: what is held is blocked. */
export async function startFakeBrevo(): Promise<FakeProvider> {
  const held = new Map<string, Held>();
  const notFound = { status: 404, json: { code: "document_not_found", message: "Contact does not exist" } };
  const api = await startFakeApi((request) => {
    const { method, url, headers } = request;
    if (headers["api-key"] !== "xkeysib-for-tests")
      return { status: 401, json: { code: "unauthorized", message: "Key not found" } };
    if (method === "GET" && url.pathname === "/v3/smtp/blockedContacts") {
      const limit = numberIn(request, "limit", 50);
      if (limit > 100) return { status: 400, json: { code: "out_of_range", message: "Limit exceeds max value" } };
      const page = [...held].slice(numberIn(request, "offset", 0)).slice(0, limit);
      return {
        status: 200,
        json: {
          count: held.size,
          ...(page.length > 0
            ? {
                contacts: page.map(([email, { reason, at }]) => ({
                  email,
                  senderEmail: "shop@example.com",
                  reason: { code: reason, message: "" },
                  blockedAt: iso(at),
                })),
              }
            : {}),
        },
      };
    }
    if (method === "POST" && url.pathname === "/v3/contacts") {
      const body = request.body as { email: string; emailBlacklisted: boolean; smtpBlacklistSender: string[] };
      if (!body.emailBlacklisted || body.smtpBlacklistSender.length === 0)
        return { status: 400, json: { code: "invalid_parameter" } };
      held.set(body.email, { reason: "adminBlocked", at: Date.now() });
      return { status: 201, json: { id: 42 } };
    }
    if (method === "DELETE" && url.pathname.startsWith("/v3/smtp/blockedContacts/"))
      return held.delete(lastPart(request)) ? { status: 204 } : notFound;
    if (method === "PUT" && url.pathname.startsWith("/v3/contacts/")) return notFound;
    return { status: 404 };
  });
  return {
    api,
    settings: { provider: "brevo", key: "xkeysib-for-tests", senders: ["shop@example.com"] },
    held,
    put: (address, reason, at) =>
      void held.set(address, { reason: reason === "complaint" ? "contactFlaggedAsSpam" : "hardBounce", at }),
  };
}
