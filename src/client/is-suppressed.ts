/** For a program that sends: may this address be written to? Asks the database itself, without the HTTP API. */
import type { Store } from "../store/store.ts";
import { checkOptions, checkText } from "./check-options.ts";

export interface IsSuppressedOptions {
  /** Entries of this stream count too. */
  readonly stream?: string;
}

let opened: Promise<Store> | null = null;

/** Opened at the first question, from the environment; an idle one does not keep the program running. */
function store(): Promise<Store> {
  opened ??= (async () => {
    const [{ loadServiceConfig }, { openStore }] = await Promise.all([
      import("./find-service.ts"),
      import("../store/store.ts"),
    ]);
    return openStore(loadServiceConfig("log"));
  })();
  // What failed once, e.g. a database that was away, is tried anew at the next question.
  opened.catch(() => (opened = null));
  return opened;
}

/**
 * Rejects when no log is found or the database does not answer: whether to send then is for the caller to decide.
 * Never creates a log.
 */
export async function isSuppressed(address: string, options: IsSuppressedOptions = {}): Promise<boolean> {
  checkText("isSuppressed", "address", address);
  checkOptions("isSuppressed", options, ["stream"]);
  const { stream = "" } = options;
  const [check] = await (await store()).suppressions.check([address], stream);
  return check?.suppressed ?? false;
}
