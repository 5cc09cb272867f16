/** What the audit log says of somebody who comes from the identity provider: admitted, changed or refused. */
import type { FastifyRequest } from "fastify";
import { personLabel, type Admission, type SignedIn } from "../../store/people/person.ts";
import type { AuthenticationDeps } from "./authenticate.ts";
import { credentialOf } from "./credentials.ts";

export type Stranger = Pick<SignedIn, "email" | "name" | "sub">;

/** The first sign-in and each that changed what the person may do, and why nobody came in. */
export async function recordAdmission(
  request: FastifyRequest,
  deps: AuthenticationDeps,
  admission: Admission,
  { email, name, sub }: Stranger,
): Promise<void> {
  if (admission.is !== "revoked" && admission.person) await recordChange(request, deps, admission);
  if (admission.is === "admitted") return;
  const who = `${email || name || "?"} (subject ${sub})`;
  await recordRefusal(request, deps, admission.is === "revoked" ? `revoked: ${who}` : `no group with a role: ${who}`);
}

export const recordRefusal = (
  request: FastifyRequest,
  { recordSignIn }: Pick<AuthenticationDeps, "recordSignIn">,
  why: string,
): Promise<void> => recordSignIn(request, { action: "sign-in-refused", principal: null, detail: `provider: ${why}` });

async function recordChange(
  request: FastifyRequest,
  deps: AuthenticationDeps,
  admission: Exclude<Admission, { is: "revoked" }>,
): Promise<void> {
  const { person, before } = admission;
  const isNew = admission.is === "admitted" && admission.isNew;
  const exportChanged = admission.is === "admitted" && admission.exportChanged;
  if (!person || (!isNew && before === person.role && !exportChanged)) return;
  const credential = await credentialOf(person.id, deps);
  const right = exportChanged ? `, export ${person.mayExport ? "allowed" : "not allowed any more"}` : "";
  const change = `role ${before ?? "none"} to ${person.role ?? "none"}${right}, by the groups at sign-in`;
  await deps.recordSignIn(request, {
    action: "person-change",
    principal: credential?.principal ?? null,
    target: `${person.id} ${personLabel(person)}`,
    detail: isNew ? `first sign-in, role ${person.role}${person.mayExport ? " and export" : ""}` : change,
  });
}
