import { expect, test } from "vitest";
import { runBounced } from "../support/run-bounced.ts";
import { runHere } from "../support/run-here.ts";

test("--help lists the commands, and each has help of its own", async () => {
  const { code, stdout } = await runBounced(["--help"]);
  expect(code).toBe(0);
  const commands = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map((match) => match[1] ?? "");
  expect(commands).toEqual(expect.arrayContaining(["serve", "classify", "explain", "doctor", "config"]));
  for (const name of commands.filter((command) => command !== "help")) {
    const help = await runHere([name, "--help"]);
    expect(help.code, name).toBe(0);
    expect(help.stdout, name).toContain(`bounced ${name}`);
  }
}, 60_000);

test("an unknown command exits with 2", async () => {
  const { code, stderr } = await runBounced(["clasify"]);
  expect(code).toBe(2);
  expect(stderr).toContain("did you mean classify?");
});

test("a wrong setting is named with what was given", async () => {
  const { code, stderr } = await runBounced(["config"], { env: { BOUNCED_MAX_SIZE: "many" } });
  expect(code).toBe(2);
  expect(stderr).toContain("BOUNCED_MAX_SIZE=many: expected a size such as 52428800, 256KiB or 50MiB");
});

test("a mistyped variable, key or command is named with the nearest right one", async () => {
  const { code, stderr } = await runBounced(["config"], {
    env: { BOUNCED_REQUIRE_SIGEND: "1", BOUNCED_PROT: "1", BOUNCED_CONFIG: "/nowhere.yaml" },
  });
  expect(code).toBe(2);
  expect(stderr).toContain("BOUNCED_REQUIRE_SIGEND is no setting (did you mean BOUNCED_REQUIRE_SIGNED?)");
  expect(stderr).toContain("BOUNCED_PROT is no setting (did you mean BOUNCED_SMTP_PORT or");
  const words = await runBounced(["tokens", "--help"]);
  expect(words).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean token?") });
});

test("secrets are not printed", async () => {
  const { stdout } = await runBounced(["config"], {
    env: { BOUNCED_SECRET: "first-secret,second-secret", REDIS_URL: "redis://user:hunter2@redis:6379" },
  });
  expect(stdout).not.toMatch(/first-secret|hunter2/);
  expect(stdout).toContain("BOUNCED_SECRET=***");
});
