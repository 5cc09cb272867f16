/** An act outside of a request, recorded before it begins. */
import type { AuditAct, AuditLog } from "./audit.ts";

export type ActHere = Pick<AuditAct, "action" | "actor"> & Partial<Omit<AuditAct, "action" | "actor" | "outcome">>;

/** Throws where the entry cannot be written, and then the act does not happen. */
export async function withAct<Result>(audit: AuditLog, act: ActHere, work: () => Promise<Result>): Promise<Result> {
  const unsaid = { actorId: "", target: "", detail: "", address: "", requestId: "" };
  const id = await audit.add({ ...unsaid, ...act, outcome: "begun" });
  try {
    const result = await work();
    await audit.end(id, "done");
    return result;
  } catch (error) {
    await audit.end(id, "failed").catch(() => undefined);
    throw error;
  }
}
