import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { statfs } from "node:fs/promises";
import { messageOf } from "../machine/error-message.ts";
import { checkRules } from "../rules/check-rules.ts";
import { compileOwn, readOwnRules } from "../rules/load-rules.ts";
import { fail, ok, skip, warn, type Check } from "./check.ts";

const GIB = 1024 ** 3;
/** Of the inodes of the data directory's file system. */
const LOW_INODES = 0.05;

export const checkDisk: Check = async ({ config }) => {
  try {
    accessSync(config.dataDir, constants.W_OK);
    const { bavail, bsize, blocks, files, ffree } = await statfs(config.dataDir);
    const free = bavail * bsize;
    const text = `${config.dataDir} has ${(free / GIB).toFixed(1)} GiB free`;
    const todo = "free some space, or move BOUNCED_DATA_DIR: with a full disk every sender gets 451";
    if (free < 0.25 * GIB) return [fail("disk", text, todo)];
    if (files > 0 && ffree < LOW_INODES * files)
      return [warn("disk", `${config.dataDir} is short of inodes: ${ffree} of ${files} are free`, todo)];
    return [free < GIB || bavail < 0.05 * blocks ? warn("disk", text, todo) : ok("disk", text)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return [
        warn(
          "disk",
          `${config.dataDir} does not exist`,
          "start bounced once, which creates it; or correct BOUNCED_DATA_DIR or --data-dir",
        ),
      ];
    return [
      fail(
        "disk",
        `cannot write to ${config.dataDir}: ${messageOf(error)}`,
        "create it and give it to the user that runs bounced, or set BOUNCED_DATA_DIR",
      ),
    ];
  }
};

/** Return paths carry the day, events the second. What the system says of its own clock; nobody outside is asked. */
export const checkClock: Check = async () => {
  const { status, stdout } = spawnSync("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
    encoding: "utf8",
    timeout: 3000,
  });
  const answer = status === 0 ? stdout.trim() : "";
  if (answer === "yes") return [ok("clock", "NTP synchronises the clock")];
  if (answer === "no")
    return [
      warn(
        "clock",
        "NTP does not synchronise the clock: return paths expire by it",
        "timedatectl set-ntp true, or install chrony",
      ),
    ];
  return [skip("clock", "this system does not report whether NTP synchronises its clock (normal in a container)")];
};

/** Those of BOUNCED_RULES, and those saved on the pages. */
export const checkOwnRules: Check = async ({ config }) => {
  const where = config.BOUNCED_RULES ?? "the data directory";
  try {
    const places = readOwnRules(config);
    const own = [...places.files, ...places.saved];
    if (own.length === 0) return [ok("rules", "only the built-in rules")];
    const findings = checkRules(own, compileOwn(places));
    const errors = findings.filter(({ level }) => level === "error");
    const [first] = errors;
    if (first)
      return [
        fail(
          "rules",
          `${errors.length} mistakes in ${where}, the first in ${first.rule}: ${first.problem}`,
          "bounced rules check",
        ),
      ];
    return [
      findings.length > 0
        ? warn("rules", `${own.length} rules of yours in ${where}, ${findings.length} doubtful`, "bounced rules check")
        : ok("rules", `${own.length} rules of yours in ${where}, before the built-in ones`),
    ];
  } catch (error) {
    return [
      fail(
        "rules",
        `your rules cannot be used: ${messageOf(error)}`,
        "correct them, or unset BOUNCED_RULES; a running service keeps the old ones",
      ),
    ];
  }
};
