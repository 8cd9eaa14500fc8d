import { afterAll, beforeAll, expect, test } from "bun:test";
import { type OpenWeb, openWeb } from "./harness.ts";

let web: OpenWeb;
let headers: { cookie: string };
beforeAll(async () => {
  web = openWeb();
  headers = await web.enter();
});
afterAll(() => web.close());

const actions = () => web.audit().map(({ action, subjects }) => `${action} ${subjects}`);

test("drained by a manager, and taking calls again: each written down before, with who it was", async () => {
  const response = await web.post("/api/maintenance/drain", { on: true }, headers);
  expect([response.status, await response.json()]).toEqual([200, { draining: true, calls: 0 }]);
  expect(web.appliance.refusing).toBe(true);
  await web.post("/api/maintenance/drain", { on: false }, headers);
  expect(web.appliance.refusing).toBe(false);
  expect(actions().slice(-2)).toEqual(['system.drain {"on":true}', 'system.drain {"on":false}']);
  expect(web.audit().at(-1)?.actor).toStartWith("user:");
});

test("the trace is read as text, redacted, as a file; switched off it is gone", async () => {
  await web.post("/api/maintenance/trace", { on: true }, headers);
  const options = "OPTIONS sip:07700900123@127.0.0.1 SIP/2.0\r\nTo: <sip:07700900123@127.0.0.1>\r\n\r\n";
  web.appliance.note("in", Buffer.from(options), { address: "192.0.2.1", port: 5060 });
  const file = await web.request("/api/maintenance/trace.txt", { headers });
  expect(file.headers.get("content-disposition")).toContain("attachment");
  const text = await file.text();
  expect(text).toContain("<-- 192.0.2.1:5060\nOPTIONS sip:***@127.0.0.1");
  expect(text).not.toContain("07700900123");
  expect(actions().at(-1)).toStartWith("system.trace-read");
  await web.post("/api/maintenance/trace", { on: false }, headers);
  const shown = await web.request("/api/maintenance/trace", { headers });
  expect(await shown.json()).toEqual({ on: false, messages: [] });
});

test("refused: nobody, another site's page, a body that says something else", async () => {
  const before = actions().length;
  const switches = ["/api/maintenance/drain", "/api/maintenance/trace"];
  for (const path of switches) {
    expect((await web.post(path, { on: true })).status).toBe(401);
    expect((await web.post(path, { on: true }, { ...headers, origin: "https://evil.test" })).status).toBe(403);
    for (const body of [{}, { on: 1 }, { on: "true" }, { on: true, more: 1 }]) {
      expect((await web.post(path, body, headers)).status).toBe(400);
    }
  }
  expect([web.appliance.refusing, actions().length]).toEqual([false, before]);
});

test("without its audit entry nothing is switched", async () => {
  web.records.store.db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
  const response = await web.post("/api/maintenance/drain", { on: true }, headers);
  expect([response.status, web.appliance.refusing]).toEqual([500, false]);
  web.records.store.db.exec("DROP TRIGGER full");
});
