/** Which roles share a process when `serve` runs all of them: docs/decisions/0010-processes.md. */
import { totalmem } from "node:os";
import { ROLES, type Role } from "../client/service.ts";

export interface ProcessGroup {
  readonly name: string;
  readonly roles: readonly Role[];
}

const SMALL_BYTES = 2 * 1024 ** 3;

const GROUPS: readonly ProcessGroup[] = [
  { name: "smtp", roles: ["smtp"] },
  { name: "worker", roles: ["worker"] },
  { name: "outputs", roles: ["record", "webhook", "forward", "mailbox", "follow"] },
  { name: "policy", roles: ["policy"] },
  { name: "http", roles: ["http"] },
];

/** Every process costs 50 MB and more; what a small machine can least do without is a listener of its own. */
const SMALL_GROUPS: readonly ProcessGroup[] = [
  { name: "smtp", roles: ["smtp"] },
  { name: "rest", roles: ROLES.filter((role) => role !== "smtp") },
];

/** `unused`: roles that have nothing to do with these settings, and need no process of their own. */
export const processGroups = (memoryBytes: number, unused: readonly Role[] = []): readonly ProcessGroup[] =>
  (memoryBytes < SMALL_BYTES ? SMALL_GROUPS : GROUPS).filter(
    ({ roles }) => !roles.every((role) => unused.includes(role)),
  );

/** Of the machine, or what its container allows. */
export const usableMemory = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity);
