/** What waits for a host, over the real outbox; the host is played, time is turned. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Posted } from "../../../src/ops/webhooks/post.ts";
import { type Sender, startSender, waitAfter } from "../../../src/ops/webhooks/sender.ts";
import type { WebhookTarget } from "../../../src/ops/webhooks/targets.ts";
import { mostWaiting, writeEvent } from "../../../src/ops/webhooks/tell.ts";
import { type Outbox, outboxRepository } from "../../../src/store/outbox.ts";
import { type Folders, makeFolders, now, openIn } from "../../store/opened.ts";
import { makeClock, type TestClock } from "../../web/clock.ts";

const target: WebhookTarget = {
  id: "https://10.0.0.9/in",
  host: "10.0.0.9",
  port: 443,
  path: "/in",
  tls: undefined,
  allows: () => true,
  events: new Set(["message.taken"]),
  personal: true,
  secret: "s".repeat(32),
  giveUpAfterMs: 3 * 86_400_000,
};

let folders: Folders;
let records: ReturnType<typeof openIn>;
let outbox: Outbox;
let clock: TestClock;
let senders: Sender[];
/** What the host got, and what it answers: by default it takes everything. */
let got: { id: string; subject: string; audits: number; signature: string }[];
let answer: (subject: string) => Posted | Promise<Posted>;
let logged: string[];
let audits: number;

beforeEach(() => {
  folders = makeFolders();
  records = openIn(folders);
  outbox = outboxRepository(records.store);
  clock = makeClock(now);
  senders = [];
  got = [];
  logged = [];
  audits = 0;
  answer = () => ({ taken: true });
});
afterEach(async () => {
  for (const sender of senders) await sender.close();
  records.close();
  folders.remove();
});

let ids = 0;
function happened(subject: string): void {
  const fields = { id: subject };
  const parts = {
    targets: [target],
    outbox,
    contactOf: () => undefined,
    newId: () => `e${String(++ids).padStart(6, "0")}`,
    overflowed: () => undefined,
  };
  const event = { name: "message.taken", subject, fields, personal: {}, contactId: undefined } as const;
  writeEvent(parts, event, clock.now());
}

function start(): Sender {
  const log = (message: string) => void logged.push(message);
  const sender = startSender({
    target,
    outbox,
    audited: () => void audits++,
    post: async (_target, headers, body) => {
      const { id, subject } = JSON.parse(body) as { id: string; subject: string };
      expect(headers["Idempotency-Key"]).toBe(`"${id}"`);
      got.push({ id, subject, audits, signature: headers["Gatehouse-Signature"] ?? "" });
      return await answer(subject);
    },
    clock: clock.now,
    schedule: clock.schedule,
    log: { info: log, warn: log, error: log },
  });
  senders.push(sender);
  return sender;
}

/** Until everything that needs no time has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
async function later(ms: number): Promise<void> {
  clock.advance(ms);
  await settled();
}
const subjects = () => got.map(({ subject }) => subject);
const waiting = () => outbox.state(target.id, 0).waiting;

test("what waits is told in order, each audited once before, and is gone", async () => {
  for (const subject of ["a", "b", "a"]) happened(subject);
  const sender = start();
  await settled();
  expect(subjects()).toEqual(["a", "b", "a"]);
  expect(got.map(({ audits }) => audits)).toEqual([1, 2, 3]);
  expect(waiting()).toBe(0);
  happened("c");
  sender.wake();
  await settled();
  expect(subjects()).toEqual(["a", "b", "a", "c"]);
});

test("what is refused is sent again, the same under the same key and newly signed, after 10, 20, 40 s … an hour", async () => {
  answer = () => ({ taken: false, why: "it answered 500" });
  happened("a");
  start();
  await settled();
  expect(got).toHaveLength(1);
  for (const [tries, wait] of [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600].entries()) {
    await later(wait * 1_000 - 1);
    expect(got).toHaveLength(tries + 1);
    await later(1);
    expect(got).toHaveLength(tries + 2);
  }
  expect(new Set(got.map(({ id }) => id)).size).toBe(1);
  expect(new Set(got.map(({ signature }) => signature)).size).toBe(got.length);
  expect(audits).toBe(1);
  expect(logged).toEqual(["a webhook was not taken; it is tried again"]); // said once
  answer = () => ({ taken: true });
  await later(3_600_000);
  expect([waiting(), logged.at(-1)]).toEqual([0, "webhooks are taken again"]);
});

test("a later event of a subject waits for the earlier one; other subjects do not", async () => {
  answer = (subject) => (subject === "a" ? { taken: false, why: "it answered 400" } : { taken: true });
  for (const subject of ["a", "a", "b"]) happened(subject);
  start();
  await settled();
  expect(subjects()).toEqual(["a"]); // the host is left alone for a while, whatever is next
  await later(waitAfter(1));
  expect(subjects()).toContain("b");
  expect(waiting()).toBe(2);
  answer = () => ({ taken: true });
  await later(waitAfter(2));
  const order = got.filter(({ subject }) => subject === "a").map(({ id }) => id);
  expect(new Set(order).size).toBe(2);
  expect(order).toEqual([...order].sort()); // the second never before the first was taken
  expect(waiting()).toBe(0);
});

test("what nobody took for three days is given up: an alarm, and nothing of it is kept", async () => {
  answer = () => ({ taken: false, why: "the connection failed (ECONNREFUSED)" });
  happened("a");
  happened("a");
  start();
  await later(target.giveUpAfterMs - 1);
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 2, givenUp: 0 });
  for (let hour = 0; hour < 3; hour++) await later(3_600_000);
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 0, givenUp: 2 });
  expect(logged).toContain("a webhook was given up: the host took it on no day");
  const left = records.store.db.prepare("SELECT body FROM webhook_event").all();
  expect(left).toEqual([{ body: null }, { body: null }]);
});

test("a host that is down for three days: everything is given up in time, however much it is", async () => {
  answer = () => ({ taken: false, why: "no answer in time" });
  for (let i = 0; i < 200; i++) happened(`s${i}`);
  start();
  await settled();
  for (let hour = 0; hour < 72; hour++) await later(3_600_000);
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 0, givenUp: 200 });
  expect(got.length).toBeLessThan(100); // it was left alone most of the time
});

test("one that is refused for three days is given up alone, while the host takes others", async () => {
  answer = (subject) => (subject === "bad" ? { taken: false, why: "it answered 400" } : { taken: true });
  happened("bad");
  const sender = start();
  await settled();
  for (let hour = 0; hour < 74; hour++) {
    if (hour === 60) happened("bad");
    happened(`good ${hour}`);
    sender.wake();
    await later(3_600_000);
  }
  await later(3_600_000);
  expect(subjects().filter((subject) => subject.startsWith("good"))).toHaveLength(74);
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 1, givenUp: 1 });
});

test("what waited while the appliance was off is not given up for one failure", async () => {
  for (const subject of ["a", "b", "c"]) happened(subject);
  clock.advance(30 * 86_400_000);
  answer = () => ({ taken: false, why: "it answered 503" });
  start();
  await settled();
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 3, givenUp: 0 });
  answer = () => ({ taken: true });
  await later(10_000);
  await later(10_000);
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 0, givenUp: 0 });
});

test("what happened long ago, while the appliance was off, is tried once more all the same", async () => {
  happened("a");
  clock.advance(30 * 86_400_000);
  start();
  await settled();
  expect([subjects(), waiting()]).toEqual([["a"], 0]);
});

test("so many wait and no more: the oldest is given up", () => {
  records.store.withTransaction(() => {
    for (let i = 0; i < mostWaiting + 3; i++) happened(`s${i}`);
  });
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: mostWaiting, givenUp: 3 });
  expect(outbox.next(target.id)?.subject).toBe("s3");
});

test("closed while it waits for an answer, it sends the same again after the next start", async () => {
  const held = Promise.withResolvers<Posted>();
  answer = () => held.promise;
  happened("a");
  const sender = start();
  await settled();
  const closed = sender.close();
  held.resolve({ taken: false, why: "we are closing" });
  await closed;
  expect([waiting(), clock.waiting()]).toEqual([1, 0]);
  answer = () => ({ taken: true });
  start();
  await settled();
  expect([got[0]?.id === got[1]?.id, got.length, waiting()]).toEqual([true, 2, 0]);
});

test("what cannot be audited is not sent, and is tried again", async () => {
  happened("a");
  const log = () => undefined;
  let full = true;
  let sent = 0;
  const sender = startSender({
    target,
    outbox,
    audited() {
      if (full) throw new Error("full");
    },
    post: async () => {
      sent++;
      return { taken: true };
    },
    clock: clock.now,
    schedule: clock.schedule,
    log: { info: log, warn: log, error: log },
  });
  senders.push(sender);
  await settled();
  expect([sent, waiting()]).toEqual([0, 1]);
  full = false;
  await later(60_000);
  expect([sent, waiting()]).toEqual([1, 0]);
});

test("who is configured no more is told nothing more", () => {
  happened("a");
  expect(outbox.forget(["https://10.0.0.10/"], 0)).toBe(1);
  expect(outbox.next(target.id)).toBeUndefined();
});

test("what was given up is forgotten after a week, also while the appliance runs on and on", async () => {
  answer = () => ({ taken: false, why: "it answered 500" });
  const rows = records.store.db.prepare<[], { subject: string }>("SELECT subject FROM webhook_event ORDER BY n");
  happened("old");
  start();
  await settled();
  await later(target.giveUpAfterMs + 3_600_000);
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 0, givenUp: 1 });
  await later(8 * 86_400_000);
  happened("new");
  senders[0]?.wake();
  await settled();
  await later(target.giveUpAfterMs + 3_600_000);
  expect(outbox.state(target.id, 0)).toMatchObject({ waiting: 0, givenUp: 1 });
  expect(rows.all()).toEqual([{ subject: "new" }]);
});
