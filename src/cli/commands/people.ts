/** `bounced people list | revoke | restore`: who signs in with the identity provider. */
import { Command } from "commander";
import type { Person } from "../../store/people/person.ts";
import { formatTable } from "../table.ts";
import { JSON_HELP, minuteOf, onOneLine, print, printJson } from "../terminal.ts";
import { commandActor, recorded, withStore } from "../with-service.ts";

const LIMIT = 1000;

export function peopleCommand(): Command {
  const command = new Command("people").description("People who sign in with the identity provider.");
  command
    .command("list")
    .description("List them, the last sign-in first.")
    .argument("[text]", "Only those with this in name, address or id")
    .option("--json", JSON_HELP, false)
    .action((text: string | undefined, { json }: { json: boolean }) =>
      withStore(async ({ people }) => {
        const found = await people.list({ text, limit: LIMIT });
        if (json) return printJson(found);
        if (found.length === 0) return print("Nobody has signed in with the identity provider.");
        const rows = found.map((person) => [
          person.id,
          onOneLine(person.email || person.name || person.sub, 60),
          person.role ?? "none",
          person.mayExport ? "yes" : "no",
          minuteOf(person.lastSignInAt),
          person.revokedAt ? "revoked" : "allowed",
        ]);
        print(formatTable(["id", "person", "role", "export", "last sign-in (UTC)", "state"], rows));
      }),
    );
  command
    .command("revoke")
    .description("End every session of a person at once, and let them in no more.")
    .argument("<id>", "Id as `bounced people list` prints it")
    .option("--json", JSON_HELP, false)
    .action((id: string, { json }: { json: boolean }) => change(id, "revoke", json));
  command
    .command("restore")
    .description("Let a revoked person sign in again.")
    .argument("<id>", "Id as `bounced people list` prints it")
    .option("--json", JSON_HELP, false)
    .action((id: string, { json }: { json: boolean }) => change(id, "restore", json));
  return command;
}

const change = (id: string, verb: "revoke" | "restore", json: boolean): Promise<void> =>
  withStore(async (store) => {
    const act = { action: "person-change", target: id, detail: `bounced people ${verb}` } as const;
    const person = await recorded(store, act, async (): Promise<Person> => {
      const { people } = store;
      const found = await (verb === "revoke" ? people.revoke(id, commandActor()) : people.restore(id));
      if (!found) throw new Error(`there is no person ${onOneLine(id)}; bounced people list shows them`);
      return found;
    });
    if (json) printJson([person]);
    else print(`${verb}d ${person.id}`);
  });
