/** The suppression list as a sender asks it: a tenth of the addresses is on it. */
import type { AddressInfo } from "node:net";
import type { Config } from "../../src/config/config.ts";
import { contextOf } from "../../src/http/context-of.ts";
import { buildServer } from "../../src/http/server.ts";
import type { Store } from "../../src/store/store.ts";
import { spread, timed } from "./figures.ts";
import type { MadeUp } from "./made-up.ts";

const ASKED = 1000;
const ROUNDS = 300;
const WARM = 20;

export async function measureList(store: Store, config: Config, { address, random, pick }: MadeUp) {
  const page = await store.suppressions.list({ limit: 1000 });
  const listed = page.entries.map(({ value }) => value);
  const asked = (): string => (random() < 0.1 ? pick(listed) : address());
  /** The addresses are made up before the clock runs, as text that came from outside. */
  const rounds = async (count: number, work: (addresses: readonly string[]) => Promise<unknown>) => {
    const times: number[] = [];
    for (let round = -WARM; round < ROUNDS; round++) {
      const text = JSON.stringify(Array.from({ length: count }, asked));
      const addresses = JSON.parse(text) as readonly string[];
      const ms = await timed(() => work(addresses));
      if (round >= 0) times.push(ms);
    }
    return spread(times);
  };
  const { context, close } = contextOf(config, store, null);
  const app = await buildServer({ ...context, settings: { ...context.settings, requestsPerMinute: 1e6 } });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/suppressions/`;
  const many = async (addresses: readonly string[]) => {
    const body = JSON.stringify({ addresses });
    const response = await fetch(`${url}check`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    await response.json();
  };
  try {
    return {
      entries: await store.suppressions.count({}),
      oneMs: await rounds(1, (addresses) => store.suppressions.check(addresses)),
      thousandMs: await rounds(ASKED, (addresses) => store.suppressions.check(addresses)),
      oneOverHttpMs: await rounds(1, async ([address = ""]) => (await fetch(url + encodeURIComponent(address))).json()),
      thousandOverHttpMs: await rounds(ASKED, many),
    };
  } finally {
    await app.close();
    await close();
  }
}
