/** `npm run bench [-- NAME…]`: the figures of docs/performance.md, each beside what it is compared with, in one run. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  parse: async () => (await import("./parse.ts")).benchParse(),
  follow: async () => (await import("./follow.ts")).benchFollow(),
  pipeline: async () => {
    const { benchPipeline, benchProof } = await import("./pipeline.ts");
    await benchPipeline();
    await benchProof();
  },
  connections: async () => (await import("./connections.ts")).benchConnections(),
  drain: async () => (await import("./drain.ts")).benchDrain(),
  policy: async () => (await import("./policy.ts")).benchPolicy(),
  start: async () => (await import("./start.ts")).benchStart(),
  costs: async () => (await import("./costs.ts")).benchCosts(),
  "drain-million": async () => (await import("./drain.ts")).benchDrain([1_000_000]),
};
/** Takes a quarter of an hour and 5 GB: only when asked for. */
const LONG = new Set(["drain-million"]);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}`);
  process.exit(2);
}
for (const [name, run] of Object.entries(BENCHES))
  if (wanted.length === 0 ? !LONG.has(name) : wanted.includes(name)) await run();
