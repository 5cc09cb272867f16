/** The short form of `node bench/faults/rolling.ts`. */
import { expect, test } from "vitest";
import { rollingRestarts } from "../../bench/faults/rolling.ts";

test(
  "two listeners behind haproxy, restarted in turn under load: nothing refused, nothing missing",
  { timeout: 240_000 },
  async () => {
    const rolled = await rollingRestarts(2, true);
    expect(rolled.acked).toBeGreaterThan(20);
    expect(rolled).toMatchObject({ restarts: 2, refusedConnections: 0, putOff: 0, unknown: 0, missing: 0 });
  },
);
