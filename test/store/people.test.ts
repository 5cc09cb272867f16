/** People who sign in, on both databases: known by issuer and subject, out at once when they are revoked. */
import { expect, test } from "vitest";
import { isPersonId, personLabel, type SignedIn } from "../../src/store/people/person.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const ann = (changes: Partial<SignedIn> = {}): SignedIn => ({
  issuer: "https://id.example.com",
  sub: "248289761001",
  name: "Ann Example",
  email: "ann@example.com",
  emailVerified: true,
  role: "viewer",
  mayExport: false,
  address: "192.0.2.1",
  ...changes,
});

onBoth(({ open, clock }) => {
  test("the first sign-in makes the person, the next finds it and decides the role anew", async () => {
    const { people } = await open();
    const first = await people.signIn(ann());
    expect(first).toMatchObject({ is: "admitted", isNew: true, before: null, person: { role: "viewer" } });
    if (first.is !== "admitted") throw new Error("not admitted");
    expect(isPersonId(first.person.id)).toBe(true);
    clock.now = NOW + DAY;
    const next = await people.signIn(ann({ role: "admin", mayExport: true, email: "ann@new.example", address: "::1" }));
    clock.now = NOW;
    expect(next).toEqual({
      is: "admitted",
      isNew: false,
      before: "viewer",
      exportChanged: true,
      person: {
        ...first.person,
        role: "admin",
        mayExport: true,
        email: "ann@new.example",
        lastSignInAt: new Date(NOW + DAY).toISOString(),
        lastAddress: "::1",
      },
    });
    expect(await people.open(first.person.id)).toMatchObject({ role: "admin", epoch: 1 });
  });

  test("the same address at another issuer, or of another subject, is somebody else", async () => {
    const { people } = await open();
    await people.signIn(ann());
    await people.signIn(ann({ issuer: "https://evil.example" }));
    await people.signIn(ann({ sub: "248289761001 " }));
    await people.signIn(ann({ sub: "other", email: "ANN@example.com", name: "Bob" }));
    expect(await people.list({ limit: 10 })).toHaveLength(4);
    expect(await people.list({ limit: 10, text: "bO" })).toHaveLength(1);
    expect(await people.list({ limit: 10, text: "%" })).toEqual([]);
  });

  test("two first sign-ins at once make one person", async () => {
    const { people } = await open();
    const both = await Promise.all([people.signIn(ann()), people.signIn(ann())]);
    expect(new Set(both.map((one) => one.is))).toEqual(new Set(["admitted"]));
    expect(new Set(both.map((one) => one.person?.id)).size).toBe(1);
  });

  test("whoever is revoked has no session and stays out, whatever the groups say, until restored", async () => {
    const { people } = await open();
    const { person } = await people.signIn(ann());
    const id = person?.id ?? "";
    const before = await people.open(id);
    expect(await people.revoke(id, "token:boss")).toMatchObject({
      revokedBy: "token:boss",
      revokedAt: expect.any(String),
    });
    clock.now = NOW + DAY;
    expect(await people.revoke(id, "token:other")).toMatchObject({
      revokedBy: "token:boss",
      revokedAt: new Date(NOW).toISOString(),
    });
    clock.now = NOW;
    expect(await people.open(id)).toBeNull();
    expect(await people.signIn(ann({ role: "admin" }))).toMatchObject({ is: "revoked", person: { role: "viewer" } });
    expect(await people.restore(id)).toMatchObject({ revokedAt: null, revokedBy: "" });
    // Sessions of before the revocation stay ended.
    expect((await people.open(id))?.epoch).not.toBe(before?.epoch);
    expect(await people.signIn(ann())).toMatchObject({ is: "admitted", isNew: false });
    expect([await people.revoke("pnobody", "x"), await people.restore("pnobody"), await people.open("admin")]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("without a role nobody is stored, and who had one loses it with every session", async () => {
    const { people } = await open();
    expect(await people.signIn(ann({ role: null }))).toEqual({ is: "no-role", person: null, before: null });
    expect(await people.list({ limit: 10 })).toEqual([]);
    const { person } = await people.signIn(ann({ role: "admin" }));
    const id = person?.id ?? "";
    const epoch = (await people.open(id))?.epoch;
    expect(await people.signIn(ann({ role: null }))).toMatchObject({
      is: "no-role",
      before: "admin",
      person: { role: null },
    });
    expect(await people.open(id)).toBeNull();
    await people.signIn(ann());
    expect((await people.open(id))?.epoch).not.toBe(epoch);
  });

  test("names are kept without what changes the text around them", async () => {
    const { people } = await open();
    const { person } = await people.signIn(
      ann({ name: `A\u202E\u0000\nnn\u200B ${"x".repeat(200)}`, emailVerified: false, email: "boss@example.com" }),
    );
    expect(person?.name).toBe(`Ann ${"x".repeat(96)}`);
    expect(person && personLabel(person)).toBe(`boss@example.com (${person?.id})`);
    expect(person && personLabel({ ...person, emailVerified: true })).toBe("boss@example.com");
  });

  test("who has not signed in for as long as the audit log is kept is forgotten; who is revoked stays out", async () => {
    const store = await open({ audit: { retentionDays: 90 } });
    const out = await store.people.signIn(ann());
    await store.people.signIn(ann({ sub: "gone" }));
    await store.people.revoke(out.person?.id ?? "", "cli:root");
    clock.now = NOW + 80 * DAY;
    await store.people.signIn(ann({ sub: "here" }));
    clock.now = NOW + 91 * DAY;
    await store.retain();
    const left = await store.people.list({ limit: 10 });
    expect(left.map(({ sub, email, lastAddress }) => [sub, email, lastAddress])).toEqual([
      ["here", "ann@example.com", "192.0.2.1"],
      ["248289761001", "", ""],
    ]);
    expect(await store.people.signIn(ann())).toMatchObject({ is: "revoked" });
    clock.now = NOW;
  });

  test("erasing an address takes it and the name beside it away; the person stays", async () => {
    const store = await open();
    await store.people.signIn(ann({ email: "Ann@Example.com" }));
    await store.erase("ann@example.com");
    expect(await store.people.list({ limit: 10 })).toMatchObject([{ name: "", email: "", sub: "248289761001" }]);
    // As whoever erases may write it; and where the person revoked somebody.
    const bob = await store.people.signIn(ann({ sub: "bob", email: "JÜRGEN@Bücher.example" }));
    await store.people.revoke(bob.person?.id ?? "", "person:jürgen@bücher.example");
    await store.erase("jürgen@xn--bcher-kva.example");
    const [left] = await store.people.list({ limit: 10, text: bob.person?.id });
    expect([left?.email, left?.revokedAt === null, left?.revokedBy.includes("jürgen")]).toEqual(["", false, false]);
  });
});
