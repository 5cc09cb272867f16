/** Whether a request is signed as AWS asks for, written from the documentation: not with the library that signs. */
import { createHash, createHmac } from "node:crypto";
import type { FakeRequest } from "./fake-api.ts";

const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** Null where it is right, else what is wrong. */
export function signatureProblem(
  { method, target, headers, text }: FakeRequest,
  { accessKeyId, key, region }: { readonly accessKeyId: string; readonly key: string; readonly region: string },
): string | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    );
  if (!match) return "no signature";
  const [, id, day = "", place, service, names = "", signature] = match;
  if (id !== accessKeyId || place !== region || service !== "ses") return "another key, region or service";
  const date = String(headers["x-amz-date"]);
  if (!date.startsWith(day)) return "another day";
  if (!names.split(";").includes("host")) return "host is not signed";
  const [path = "", query = ""] = target.split("?");
  const canonical = [
    method,
    // Each part once more: S3 alone signs paths as they are sent.
    path.split("/").map(encode).join("/"),
    query.split("&").filter(Boolean).toSorted().join("&"),
    ...names.split(";").map((name) => `${name}:${String(headers[name]).trim().replaceAll(/\s+/g, " ")}`),
    "",
    names,
    sha256(text),
  ].join("\n");
  const scope = `${day}/${place}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const signing = hmac(hmac(hmac(hmac(`AWS4${key}`, day), region), "ses"), "aws4_request");
  return hmac(signing, toSign).toString("hex") === signature ? null : "the signature does not match";
}
