/** Variable envelope return paths: `bounces+user=example.org@bounces.example.com`. Says who; proves nothing. */
import { splitAddress, type ReturnPathReading } from "./reading.ts";
import type { ReturnPathSettings } from "./settings.ts";

/** RangeError where the result would not be a valid local part; with a plain fixed prefix it rarely is. */
export function createVerp(
  { domain, recipient }: { readonly domain: string; readonly recipient: string },
  { prefix, verp }: Pick<ReturnPathSettings, "prefix" | "verp">,
): string {
  const split = splitAddress(recipient);
  if (!split) throw new RangeError(`not an address: ${recipient}`);
  const local = `${prefix}${verp.separator}${split.local}${verp.at}${split.domain}`;
  if (local.length > 64)
    throw new RangeError(`the VERP address of ${recipient} is ${local.length} octets before the @; 64 are allowed`);
  return `${local}@${domain.toLowerCase()}`;
}

/** Any prefix: lists and older systems bring their own. The recipient's domain must have a dot. */
export function readVerp(address: string, { verp }: Pick<ReturnPathSettings, "verp">): ReturnPathReading | null {
  const local = splitAddress(address)?.local;
  if (local === undefined || local.length > 400) return null;
  const start = local.indexOf(verp.separator);
  const at = local.lastIndexOf(verp.at);
  if (start < 1 || at <= start + 1) return null;
  const user = local.slice(start + 1, at);
  const domain = local.slice(at + 1);
  if (!/^[^\s@"<>()]+$/.test(user) || !/^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+$/u.test(domain)) return null;
  return {
    address,
    scheme: "verp",
    recipient: `${user}@${domain}`,
    tag: null,
    issuedAt: null,
    check: "unchecked",
    bindsRecipient: null,
  };
}
