import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { linkLifeMs } from "../../src/security/sign-in-links.ts";
import { cookieOf, email, type OpenWeb, openWeb, password } from "./harness.ts";

let web: OpenWeb;
beforeEach(() => {
  web = openWeb();
});
afterEach(() => {
  web.close();
});

const newLink = () => web.signIn.createLink({ kind: "system" }).token;
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe("the one-time link", () => {
  test("signs in, once", async () => {
    const token = newLink();
    const first = await web.post("/api/sign-in/link", { token });
    expect(first.status).toBe(200);
    expect(await first.json()).toMatchObject({ ready: false, viaLink: true, email: null, permissions: [] });

    const second = await web.post("/api/sign-in/link", { token });
    expect(second.status).toBe(410);
    expect(await codeOf(second)).toBe("expired");
    expect(cookieOf(second)).toBe("");
  });

  test("works for fifteen minutes, not longer", async () => {
    const [early, late] = [newLink(), newLink()];
    web.clock.advance(linkLifeMs - 1);
    expect((await web.post("/api/sign-in/link", { token: early })).status).toBe(200);
    web.clock.advance(1);
    expect((await web.post("/api/sign-in/link", { token: late })).status).toBe(410);
  });

  test("is not in the database in a form that could be used", async () => {
    const token = newLink();
    const cookie = cookieOf(await web.post("/api/sign-in/link", { token: newLink() }));
    const session = cookie.split("=")[1] ?? "";
    const rows = (table: string) =>
      web.records.store.db.prepare<[], { token_hash: Buffer }>(`SELECT token_hash FROM ${table}`).all();
    for (const [table, secret] of [
      ["sign_in_link", token],
      ["session", session],
    ] as const) {
      const stored = rows(table).map(({ token_hash }) => token_hash);
      expect(stored).toHaveLength(1);
      expect(stored[0]?.includes(Buffer.from(secret))).toBe(false);
      expect(stored[0]?.equals(Buffer.from(secret, "base64url"))).toBe(false);
    }
  });

  test("opens nothing but the choice of a password", async () => {
    const cookie = cookieOf(await web.post("/api/sign-in/link", { token: newLink() }));
    expect((await web.request("/api/me", { headers: { cookie } })).status).toBe(200);
    for (const path of ["/api/calls", "/api/live", "/api/viewings?from=2026-11-24&to=2026-11-24", "/api/status"]) {
      expect((await web.request(path, { headers: { cookie } })).status).toBe(403);
    }
  });

  test("made for an account that has a password lets it choose another", async () => {
    await web.enter();
    const { token } = web.signIn.createLink({ kind: "system" }, email);
    const cookie = cookieOf(await web.post("/api/sign-in/link", { token }));
    const wanted = { email, password: "another long enough one" };
    expect((await web.post("/api/account", wanted, { cookie })).status).toBe(200);
    expect((await web.post("/api/sign-in", { email, password })).status).toBe(401);
    expect((await web.post("/api/sign-in", wanted)).status).toBe(200);
  });
});

describe("e-mail and password", () => {
  test("sign in, however the address is typed", async () => {
    await web.enter();
    const response = await web.post("/api/sign-in", { email: " Maggie@Example.TEST ", password });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ email, ready: true, viaLink: false, role: "manager" });
  });

  test("give the same answer whichever is wrong", async () => {
    await web.enter();
    const wrong = await web.post("/api/sign-in", { email, password: "not this one at all" });
    const nobody = await web.post("/api/sign-in", { email: "nobody@example.test", password });
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await nobody.text());
  });

  test("are refused after five wrong attempts, and taken again a minute later", async () => {
    await web.enter();
    for (let i = 0; i < 5; i++) expect((await web.post("/api/sign-in", { email, password: "wrong" })).status).toBe(401);
    expect((await web.post("/api/sign-in", { email, password })).status).toBe(429);
    expect((await web.post("/api/sign-in", { email, password }, {}, "192.0.2.99")).status).toBe(200); // not its owner
    web.clock.advance(60_000);
    expect((await web.post("/api/sign-in", { email, password })).status).toBe(200);
  });

  test.each([
    ["too short", "short one"],
    ["the same letter", "aaaaaaaaaaaaaaaa"],
    ["holding the e-mail's name", "maggie maggie maggie"],
    ["often guessed", "password1234"],
  ])("a password %s is not taken", async (_, poor) => {
    const cookie = cookieOf(await web.post("/api/sign-in/link", { token: newLink() }));
    const response = await web.post("/api/account", { email, password: poor }, { cookie });
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe("invalid_input");
  });

  test("cannot be those of another account", async () => {
    await web.enter();
    const cookie = cookieOf(await web.post("/api/sign-in/link", { token: newLink() }));
    expect((await web.post("/api/account", { email, password }, { cookie })).status).toBe(409);
  });

  test("change only with the current password, and end every other session", async () => {
    const here = await web.enter();
    const elsewhere = { cookie: cookieOf(await web.post("/api/sign-in", { email, password })) };
    const wanted = { email: "mags@example.test", password: "another long enough one" };
    expect((await web.post("/api/account", wanted, here)).status).toBe(403);
    const changed = await web.post("/api/account", { ...wanted, currentPassword: password }, here);
    expect(changed.status).toBe(200);
    for (const old of [here, elsewhere]) expect((await web.request("/api/me", { headers: old })).status).toBe(401);
    expect((await web.request("/api/me", { headers: { cookie: cookieOf(changed) } })).status).toBe(200);
  });
});

describe("the session", () => {
  test("is a cookie that scripts and other sites cannot have", async () => {
    const response = await web.post("/api/sign-in/link", { token: newLink() });
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^__Host-gatehouse=[\w-]{43}; /);
    for (const part of ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"]) expect(cookie).toContain(part);
    expect(cookie).not.toContain("Domain");
  });

  test("ends after an hour without use", async () => {
    const headers = await web.enter();
    web.clock.advance(59 * 60_000);
    expect((await web.request("/api/me", { headers })).status).toBe(200);
    web.clock.advance(59 * 60_000);
    expect((await web.request("/api/me", { headers })).status).toBe(200);
    web.clock.advance(60 * 60_000 + 1_000);
    expect((await web.request("/api/me", { headers })).status).toBe(401);
  });

  test("is not kept alive by what the page does by itself", async () => {
    const headers = await web.enter();
    for (let minute = 0; minute < 59; minute += 10) {
      web.clock.advance(10 * 60_000);
      const background = { ...headers, "x-gatehouse-background": "1" };
      expect((await web.request("/api/calls", { headers: background })).status).toBe(minute < 50 ? 200 : 401);
    }
  });

  test("ends after twelve hours, however busy", async () => {
    const headers = await web.enter();
    for (let half = 1; half < 24; half++) {
      web.clock.advance(30 * 60_000);
      expect((await web.request("/api/me", { headers })).status).toBe(200);
    }
    web.clock.advance(30 * 60_000);
    expect((await web.request("/api/me", { headers })).status).toBe(401);
  });

  test("ends when its person signs out", async () => {
    const headers = await web.enter();
    const response = await web.post("/api/sign-out", {}, headers);
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toContain("Max-Age=0");
    expect((await web.request("/api/me", { headers })).status).toBe(401);
  });

  test("cannot be guessed at or made up", async () => {
    await web.enter();
    for (const made of ["", "x", "A".repeat(43), "A".repeat(5_000)]) {
      expect((await web.request("/api/me", { headers: { cookie: `__Host-gatehouse=${made}` } })).status).toBe(401);
    }
  });
});

test("signing in and out is on record, without addresses or tokens", async () => {
  const before = web.audit().length;
  const headers = await web.enter();
  await web.post("/api/sign-in", { email, password: "wrong" });
  await web.post("/api/sign-out", {}, headers);
  const written = web.audit().slice(before);
  expect(written.map(({ action }) => action)).toEqual([
    "sign-in-link.create",
    "sign-in.link",
    "account.set-credentials",
    "sign-in.password",
    "sign-in.refused",
    "sign-out",
  ]);
  expect(JSON.stringify(written)).not.toContain("maggie");
});

test("where the entry cannot be written, nobody gets in", async () => {
  const token = newLink();
  web.records.store.db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
  const response = await web.post("/api/sign-in/link", { token });
  expect(response.status).toBe(500);
  expect(cookieOf(response)).toBe("");
  expect(web.bugs).toHaveLength(1);
});
