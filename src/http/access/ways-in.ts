/** How the person who starts the service gets in: lines of the start banner. */
import { messageOf } from "../../machine/error-message.ts";
import type { Config } from "../../config/config.ts";
import { createSignInLink } from "./sign-in-links.ts";
import { createTokenFile, readTokenFile, tokenFilePath, type TokenFile } from "./token-file.ts";
import { createAccessToken, isActive } from "./tokens.ts";

/** Whether anybody can sign in as admin without a link. */
export const hasAdmin = ({ password, tokens }: TokenFile, now: Date): boolean =>
  password !== null || tokens.some((token) => token.role === "admin" && isActive(token, now));

/**
 * At the first start an operator token, for programs; at every start until there is an admin password or token a link
 * that signs in once, for a person. `url`: where the pages are.
 */
export function offerWaysIn(config: Config, url: string, now: Date): readonly string[] {
  if (config.BOUNCED_HTTP_OPEN)
    return ["BOUNCED_HTTP_OPEN=1: every user and program on this machine may do everything, without signing in"];
  const lines: string[] = [];
  const path = tokenFilePath(config);
  const { token, record } = createAccessToken({ name: "first start", role: "operator", mayExport: false }, now);
  try {
    if (createTokenFile(path, { v: 1, tokens: [record], password: null }))
      lines.push(`operator token for programs, shown only now: ${token}`);
  } catch (error) {
    lines.push(`no operator token was made: ${messageOf(error)}`);
  }
  if (!hasAdmin(readTokenFile(path), now))
    lines.push(`sign in (works once, for 24 hours): ${url}${createSignInLink(config.dataDir, now.getTime())}`);
  return lines;
}
