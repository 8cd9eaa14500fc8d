import { afterEach, expect, test } from "bun:test";
import ICAL from "ical.js";
import { type OpenWeb, openWeb } from "./harness.ts";

const cli = { kind: "cli", uid: 0 } as const;
let web: OpenWeb;
afterEach(() => web.close());

const pathOf = (url: string) => new URL(url).pathname;
const book = (start: string, propertyId = "maple-14") =>
  web.bookViewing(
    { propertyId, start, name: "Siân Brien", phone: "+447700900123", callId: undefined },
    cli,
    web.clock.now(),
  );
const eventsIn = (text: string) =>
  new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((component) => ({
    uid: component.getFirstPropertyValue("uid"),
    start: component.getFirstPropertyValue("dtstart")?.toString(),
    status: component.getFirstPropertyValue("status"),
    sequence: Number(component.getFirstPropertyValue("sequence")),
  }));

test("a negotiator's diary by its link: booked, moved, cancelled; others' appointments are not in it", async () => {
  web = openWeb();
  const viewing = book("2026-11-25T10:00");
  const feed = web.feeds.create({ staff: viewing.staffId, label: "phone" }, cli);
  const other = web.feeds.create({ staff: "Nisha Patel", label: "" }, cli);
  const read = async (url = feed.url) => await (await web.request(pathOf(url))).text();

  const first = await web.request(pathOf(feed.url));
  expect([first.status, first.headers.get("content-type"), first.headers.get("cache-control")]).toEqual([
    200,
    "text/calendar; charset=utf-8",
    "private, no-cache",
  ]);
  const text = await first.text();
  const uid = `${viewing.id}@gatehouse`;
  expect(eventsIn(text)).toEqual([{ uid, start: "2026-11-25T10:00:00", status: "CONFIRMED", sequence: 0 }]);
  expect(text).toContain("Maple Road");
  expect(text).not.toMatch(/Brien|7700900123/);
  expect(eventsIn(await read(other.url))).toEqual([]);

  web.moveViewing(viewing.id, "2026-11-25T11:00", cli, web.clock.now());
  expect(eventsIn(await read())).toMatchObject([{ uid, start: "2026-11-25T11:00:00", sequence: 1 }]);
  web.cancelViewing(viewing.id, cli, web.clock.now());
  expect(eventsIn(await read())).toMatchObject([{ uid, status: "CANCELLED", sequence: 2 }]);
});

test("valuations, and what the agency's own diary had, are in it; names only where the configuration says so", async () => {
  web = openWeb({ set: ["feeds.contacts=name"] });
  const asked = { kind: "sales", address: "3 Kelp Lane", postcode: "M21 9XX", details: {}, callId: undefined } as const;
  const valuation = web.bookValuation(
    { ...asked, start: "2026-11-25T14:00", name: "Ada Ng", phone: "+447700900456" },
    cli,
    web.clock.now(),
  );
  const { staffId } = valuation;
  const leave = { id: "leave", kind: "annual-leave", propertyId: undefined, contactId: undefined, staffId };
  web.records.viewings.importAppointment({ ...leave, start: "2026-11-26T09:00", minutes: 540 }, []);
  const text = await (await web.request(pathOf(web.feeds.create({ staff: staffId, label: "" }, cli).url))).text();
  expect(eventsIn(text).map(({ uid }) => uid)).toEqual([`${valuation.id}@gatehouse`, "leave@gatehouse"]);
  expect(text).toContain("3 Kelp Lane");
  expect(text).toContain("Ada Ng");
  expect(text).not.toContain("7700900456");
});

test("each read is audited before it happens, by which link; the secret is kept nowhere", async () => {
  web = openWeb();
  const { id, url } = web.feeds.create({ staff: "beth", label: "phone" }, cli);
  const etag = (await web.request(pathOf(url))).headers.get("etag") ?? "";
  const again = await web.request(pathOf(url), { headers: { "if-none-match": etag } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  const entries = web.audit().filter(({ action }) => action.startsWith("feed."));
  expect(entries.map(({ action, subjects }) => [action, JSON.parse(subjects)])).toEqual([
    ["feed.create", { feed: id, staff: "beth" }],
    ["feed.read", { feed: id, staff: "beth" }],
    ["feed.read", { feed: id, staff: "beth" }],
  ]);
  expect(web.feeds.list()).toEqual([
    expect.objectContaining({ id, staff: "Beth Shaw", label: "phone", lastReadAt: web.clock.now().toISOString() }),
  ]);
  const token = pathOf(url).slice("/feeds/".length, -".ics".length);
  expect(token).toHaveLength(43);
  expect(JSON.stringify([web.feeds.list(), web.audit()])).not.toContain(token);
  const rows = web.records.store.db.prepare("SELECT * FROM feed").all();
  expect(Buffer.from(JSON.stringify(rows)).includes(token)).toBe(false);
});

test("a read that cannot be audited is no read", async () => {
  web = openWeb();
  const { url } = web.feeds.create({ staff: "beth", label: "" }, cli);
  web.records.store.db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
  const response = await web.request(pathOf(url));
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("VCALENDAR");
});

test("a link that was taken away, and one that never was, are the same 404; who guesses has to wait", async () => {
  web = openWeb();
  const { id, url } = web.feeds.create({ staff: "beth", label: "" }, cli);
  web.feeds.revoke(id, cli);
  const gone = await web.request(pathOf(url));
  const never = await web.request(`/feeds/${"A".repeat(43)}.ics`);
  expect([gone.status, never.status, await gone.text()]).toEqual([404, 404, await never.text()]);
  expect(() => web.feeds.revoke(id, cli)).toThrow("no feed with this id");
  const statuses: number[] = [];
  for (let i = 0; i < 19; i++) statuses.push((await web.request(`/feeds/guess${i}.ics`)).status);
  expect([statuses.slice(0, 18).every((status) => status === 404), statuses.at(-1)]).toEqual([true, 429]);

  const good = web.feeds.create({ staff: "beth", label: "" }, cli);
  expect((await web.request(pathOf(good.url))).status).toBe(429); // from there
  expect((await web.request(pathOf(good.url), {}, "192.0.2.99")).status).toBe(200); // from elsewhere
  web.clock.advance(30_000);
  expect((await web.request(pathOf(good.url))).status).toBe(200);
});

test("one link is read 30 times at once and then every half minute", async () => {
  web = openWeb();
  const path = pathOf(web.feeds.create({ staff: "beth", label: "" }, cli).url);
  const other = pathOf(web.feeds.create({ staff: "beth", label: "" }, cli).url);
  for (let i = 0; i < 30; i++) expect((await web.request(path)).status).toBe(200);
  expect((await web.request(path)).status).toBe(429);
  expect((await web.request(other)).status).toBe(200);
  web.clock.advance(30_000);
  expect([(await web.request(path)).status, (await web.request(path)).status]).toEqual([200, 429]);
});

test("who is not on the staff has no diary; the label is one short line", () => {
  web = openWeb();
  expect(() => web.feeds.create({ staff: "bert", label: "" }, cli)).toThrow("beth (Beth Shaw)");
  expect(() => web.feeds.create({ staff: "beth", label: "x".repeat(81) }, cli)).toThrow("80 characters");
  expect(() => web.feeds.create({ staff: "beth", label: "a\nb" }, cli)).toThrow("one line");
});

test.each(["/feeds/", "/feeds/a.ics.txt", "/feeds/..%2fapi%2fme", "/feeds/a%00.ics", "/feeds/a/b.ics"])(
  "%s is nothing",
  async (path) => {
    web = openWeb();
    expect((await web.request(path)).status).toBe(404);
    expect(web.audit().filter(({ action }) => action === "feed.read")).toEqual([]);
  },
);
