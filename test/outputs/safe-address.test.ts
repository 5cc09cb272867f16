import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { post } from "../../src/outputs/post.ts";
import { isPublicAddress, safeLookup } from "../../src/outputs/safe-address.ts";

test.each([
  ["93.184.215.14", true],
  ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", true],
  ["127.0.0.1", false],
  ["10.1.2.3", false],
  ["172.16.0.1", false],
  ["192.168.1.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["0.0.0.0", false],
  ["224.0.0.1", false],
  ["::1", false],
  ["::", false],
  ["fe80::1", false],
  ["fd00::1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:a9fe:a9fe", false],
  ["64:ff9b::7f00:1", false],
  ["2002:7f00:1::", false],
  ["::7f00:1", false],
  ["::127.0.0.1", false],
  ["::5db8:d70e", false],
  ["168.63.129.16", false],
  ["::ffff:168.63.129.16", false],
  ["64:ff9b::a83f:8110", false],
  ["100.100.100.200", false],
  ["192.0.0.192", false],
  ["fd00:ec2::254", false],
  ["not an address", false],
])("%s is public: %s", (address, isPublic) => expect(isPublicAddress(address)).toBe(isPublic));

const lookup = (allowPrivate: boolean, addresses: readonly string[]) =>
  new Promise((resolve) =>
    safeLookup(allowPrivate, (_hostname, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      ),
    )("x.example", {}, (error, address) => resolve(error ? error.message : address)),
  );

test("one private address among public ones is enough to refuse the name", async () => {
  expect(await lookup(false, ["93.184.215.14"])).toBe("93.184.215.14");
  expect(await lookup(false, ["93.184.215.14", "127.0.0.1"])).toContain("not a public address");
  expect(await lookup(true, ["127.0.0.1"])).toBe("127.0.0.1");
});

async function withServer(
  answer: (response: import("node:http").ServerResponse) => void,
  work: (port: number) => Promise<void>,
) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume();
    request.on("end", () => answer(response));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return requests;
}

const options = { body: "{}", headers: {}, timeoutMs: 2000 };

test.each([
  "http://127.0.0.1:PORT/",
  "http://localhost:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://0x7f000001:PORT/",
  "http://2130706433:PORT/",
])("nothing is sent to %s", async (url) => {
  const requests = await withServer(
    (response) => response.end(),
    async (port) => {
      await expect(post({ ...options, url: url.replace("PORT", String(port)), allowPrivate: false })).rejects.toThrow(
        "not a public address",
      );
    },
  );
  expect(requests).toBe(0);
});

test("a redirect is an answer, not a way to somewhere else", async () => {
  const requests = await withServer(
    (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
    async (port) => {
      expect(await post({ ...options, url: `http://127.0.0.1:${port}/`, allowPrivate: true })).toMatchObject({
        status: 302,
      });
    },
  );
  expect(requests).toBe(1);
});

test("an endless answer is cut, one that never comes is given up", async () => {
  await withServer(
    (response) => {
      const timer = setInterval(() => response.write("x".repeat(16_384)), 1);
      response.on("close", () => clearInterval(timer));
    },
    async (port) => {
      const { answer } = await post({ ...options, url: `http://127.0.0.1:${port}/`, allowPrivate: true });
      expect(answer).toHaveLength(1000);
    },
  );
  await withServer(
    () => undefined,
    async (port) => {
      await expect(
        post({ ...options, timeoutMs: 200, url: `http://127.0.0.1:${port}/`, allowPrivate: true }),
      ).rejects.toThrow();
    },
  );
});
