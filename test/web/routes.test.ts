import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { addCall, host, type OpenWeb, openWeb, ourPage } from "./harness.ts";

let web: OpenWeb;
let headers: { cookie: string };
beforeAll(async () => {
  web = openWeb();
  headers = await web.enter();
  const at = (minute: number) => new Date(`2026-11-24T10:${String(minute).padStart(2, "0")}:00Z`);
  addCall(web, {
    id: "c1",
    at: at(1),
    number: "+447700900123",
    outcome: "message",
    turns: [{ heard: "Hello", confidence: 0.8 }],
  });
  addCall(web, { id: "c2", at: at(2), outcome: "booked" });
  addCall(web, { id: "c3", at: at(3), outcome: "message" });
  const [property] = web.view.properties().filter(({ status }) => status === "available");
  if (property === undefined) throw new Error("the demo agency has nothing to show");
  const start = web.view.freeStarts(property.id, "2026-11-26", "09:00", 1, "2026-11-24T10:05")[0] ?? "";
  web.bookViewing(
    { propertyId: property.id, start, name: "Robin Hart", phone: "+447700900456", callId: "c2" },
    { kind: "caller", callId: "c2" },
    at(2),
  );
});
afterAll(() => web.close());

const get = async (path: string, more: Record<string, string> = {}) =>
  await web.request(path, { headers: { ...headers, ...more } });
const contactId = () => web.records.viewings.list(1)[0]?.contact.id ?? "";
const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

/** Everything under /api but these needs a session. */
const open = ["POST /api/sign-in/link", "POST /api/sign-in"];
const example: Record<string, string> = { "/api/viewings": "?from=2026-11-24&to=2026-11-30" };

describe("every route", () => {
  const routes = () =>
    [...new Map(web.app.routes.map((route) => [`${route.method} ${route.path}`, route])).values()].filter(
      ({ method, path }) => method !== "ALL" && path.startsWith("/api/"),
    );

  test("refuses whoever is not signed in, unless it signs in", async () => {
    const guarded = routes().filter(({ method, path }) => !open.includes(`${method} ${path}`));
    expect(guarded.map(({ path }) => path).sort()).toEqual([
      "/api/account",
      "/api/calls",
      "/api/calls/:id",
      "/api/calls/:id/peaks",
      "/api/calls/:id/recording",
      "/api/calls/:id/signalling",
      "/api/contacts/:id",
      "/api/contacts/find",
      "/api/live",
      "/api/maintenance/drain",
      "/api/maintenance/trace",
      "/api/maintenance/trace",
      "/api/maintenance/trace.txt",
      "/api/me",
      "/api/pronunciations",
      "/api/pronunciations/:written",
      "/api/pronunciations/:written",
      "/api/pronunciations/say",
      "/api/properties",
      "/api/sign-out",
      "/api/status",
      "/api/tasks",
      "/api/tasks/:id/assignee",
      "/api/tasks/:id/status",
      "/api/unanswered",
      "/api/viewings",
    ]);
    for (const { method, path } of guarded) {
      const response = await web.request(path, {
        method,
        headers: { ...ourPage, "content-type": "application/json" },
        ...(method === "POST" && { body: "{}" }),
      });
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });

  test("that reads personal data leaves exactly one entry, before it answers", async () => {
    const reading = [
      "/api/calls",
      "/api/calls/c1",
      "/api/calls/c1/signalling",
      "/api/viewings",
      "/api/properties",
      "/api/tasks",
      "/api/unanswered",
      `/api/contacts/${contactId()}`,
      "/api/live",
    ];
    for (const path of reading) {
      const before = web.audit().length;
      const response = await get(path + (example[path] ?? ""));
      expect([path, response.status]).toEqual([path, 200]);
      await response.body?.cancel();
      const written = web.audit().slice(before);
      expect([path, written.length]).toEqual([path, 1]);
      expect(written[0]?.actor).toStartWith("user:");
    }
  });

  test("without its audit entry gives nothing", async () => {
    web.records.store.db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
    for (const path of ["/api/calls", "/api/calls/c1", "/api/calls/c1/signalling", "/api/live"]) {
      const response = await get(path);
      expect([path, response.status, (await json(response)).code]).toEqual([path, 500, "internal"]);
    }
    web.records.store.db.exec("DROP TRIGGER full");
  });

  test("carries the policies that bind the browser", async () => {
    for (const path of ["/", "/calls/c1", "/assets/main-1.js", "/api/calls", "/api/nothing", "/nothing"]) {
      const response = await get(path);
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).toStartWith("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(policy).not.toContain("unsafe");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    }
  });
});

describe("where a request comes from", () => {
  const signOut = async (from: Record<string, string>) =>
    (
      await web.request("/api/sign-out", {
        method: "POST",
        body: "{}",
        headers: { ...from, "content-type": "application/json" },
      })
    ).status;

  test.each([
    ["another site", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }, 403],
    ["another site that hides", { "sec-fetch-site": "cross-site" }, 403],
    ["a neighbouring name", { origin: "https://www.localhost:8443", "sec-fetch-site": "same-site" }, 403],
    ["another port of this host", { origin: "https://localhost:9999" }, 403],
    ["this host without TLS", { origin: "http://localhost:8443" }, 403],
    ["a sandboxed frame", { origin: "null" }, 403],
    ["a typed address", { "sec-fetch-site": "none" }, 403],
    ["nowhere", {}, 403],
    ["our own page, by its origin", { origin: `https://${host}` }, 401],
    ["our own page, by the browser's word", { "sec-fetch-site": "same-origin" }, 401],
  ])("a change asked for by %s gets %p → %d", async (_, from, status) => {
    expect(await signOut(from)).toBe(status);
  });

  test("reading is refused to another site, and allowed to a typed address", async () => {
    expect((await get("/api/calls", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await get("/api/calls", { "sec-fetch-site": "none" })).status).toBe(200);
  });

  test("only the names of this machine are answered, on any port", async () => {
    const under = async (name: string) => (await get("/api/me", { host: name })).status;
    expect(await under("localhost:9443")).toBe(200);
    expect(await under("LOCALHOST")).toBe(200);
    expect(await under("127.0.0.1:8443")).toBe(200);
    expect(await under("rebound.evil.test:8443")).toBe(421);
    expect(await under("localhost.evil.test")).toBe(421);
    expect(await under("localhost:8443@evil.test")).toBe(421);
  });
});

describe("what is asked for", () => {
  test("calls come page by page, newest first", async () => {
    const first = await json(await get("/api/calls?limit=2"));
    expect((first.calls as { id: string }[]).map(({ id }) => id)).toEqual(["c3", "c2"]);
    const second = await json(await get(`/api/calls?limit=2&before=${encodeURIComponent(String(first.next))}`));
    expect(second).toMatchObject({ calls: [{ id: "c1", callerNumber: "+447700900123", turns: 1 }], next: null });
  });

  test("calls can be narrowed to what they ended in", async () => {
    const { calls } = await json(await get("/api/calls?outcome=booked"));
    expect(calls).toMatchObject([{ id: "c2", name: "Robin Hart", outcome: "booked" }]);
  });

  test("a call comes with its words, and with what was booked in it", async () => {
    expect(await json(await get("/api/calls/c1"))).toMatchObject({ turns: [{ heard: "Hello", confidence: 0.8 }] });
    expect(await json(await get("/api/calls/c2"))).toMatchObject({
      viewings: [{ contact: { name: "Robin Hart", phone: "+447700900456" }, callId: "c2" }],
    });
  });

  test("the diary has the days, the people and the viewings", async () => {
    const diary = await json(await get("/api/viewings?from=2026-11-23&to=2026-11-29"));
    expect(diary.days).toHaveLength(7);
    expect((diary.viewings as { contact: { name: string } }[]).map(({ contact }) => contact.name)).toContain(
      "Robin Hart",
    );
  });

  test.each([
    ["/api/calls/none", 404],
    ["/api/calls/c1/recording", 404],
    ["/api/calls/none/recording", 404],
    ["/api/nothing", 404],
    ["/assets/../secret", 404],
    ["/assets/nothing.js", 404],
    ["/api/calls?limit=0", 400],
    ["/api/calls?limit=201", 400],
    ["/api/calls?limit=two", 400],
    ["/api/calls?surprise=1", 400],
    ["/api/calls?before=x", 400],
    ["/api/calls?outcome=won", 400],
    ["/api/viewings", 400],
    ["/api/viewings?from=2026-11-24&to=2026-11-23", 400],
    ["/api/viewings?from=2026-02-30&to=2026-03-01", 400],
    ["/api/viewings?from=2026-01-01&to=2026-03-03", 200],
    ["/api/viewings?from=2026-01-01&to=2026-03-04", 400],
  ])("%s → %d", async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  test("a body that is no JSON, of another kind, too large or with a surprise in it is refused", async () => {
    const send = async (body: string, type = "application/json") =>
      (await web.request("/api/sign-in", { method: "POST", body, headers: { ...ourPage, "content-type": type } }))
        .status;
    expect(await send("{")).toBe(400);
    expect(await send("email=a", "application/x-www-form-urlencoded")).toBe(400);
    expect(await send(JSON.stringify({ email: "a@b.test", password: "x", role: "admin" }))).toBe(400);
    expect(await send(JSON.stringify({ email: "a@b.test", password: "x".repeat(20_000) }))).toBe(413);
  });

  test("faults are told by field, never by value", async () => {
    const response = await get("/api/calls?limit=hunter2");
    const text = await response.text();
    expect(text).toContain("limit");
    expect(text).not.toContain("hunter2");
  });
});

test("our own files are kept by the browser, data never is", async () => {
  const script = await get("/assets/main-1.js", { "accept-encoding": "gzip, br" });
  expect(script.headers.get("cache-control")).toContain("immutable");
  expect(script.headers.get("content-encoding")).toBe("gzip");
  expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(new TextDecoder().decode(Bun.gunzipSync(Buffer.from(await script.bytes())))).toStartWith("export {};");
  expect(
    (await get("/assets/main-1.js", { "accept-encoding": "gzip;q=0" })).headers.get("content-encoding"),
  ).toBeNull();

  const page = await get("/");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const again = await get("/calls", { "if-none-match": page.headers.get("etag") ?? "" });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await get("/api/calls")).headers.get("cache-control")).toBe("no-store");
});
