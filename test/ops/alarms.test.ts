import { expect, test } from "bun:test";
import { alarmsOf, speechAlarms, webhookAlarms } from "../../src/ops/alarms.ts";

const tlsException = { name: "Old PBX", until: "2027-03-31" };
const exception = (today: string) => alarmsOf({ tlsException, sipCertificateUntil: undefined }, today);

test("An exception is said from 30 days before its end; over it is on the day after, and it is said for ever", () => {
  expect(exception("2027-02-28")).toEqual([]);
  expect(exception("2027-03-01")).toMatchObject([{ kind: "tls-exception", over: false, until: "2027-03-31" }]);
  expect(exception("2027-03-31")).toMatchObject([{ over: false }]);
  expect(exception("2027-04-01")).toMatchObject([{ over: true }]);
  expect(exception("2032-04-01")[0]?.text).toContain('"Old PBX" ended on 2027-03-31 and is still in force');
});

test("So is the end of the certificate; without dates nothing is said", () => {
  const certificate = (today: string) =>
    alarmsOf({ tlsException: undefined, sipCertificateUntil: "2027-01-10" }, today);
  expect(certificate("2026-12-10")).toEqual([]);
  expect(certificate("2026-12-11")).toMatchObject([{ kind: "sip-certificate", over: false }]);
  expect(certificate("2027-01-11")).toMatchObject([{ over: true }]);
  expect(alarmsOf({ tlsException: undefined, sipCertificateUntil: undefined }, "2027-01-01")).toEqual([]);
});

test("What callers do without is said with its reason; what works is not", () => {
  const works = { state: "works" } as const;
  expect(speechAlarms({ hearing: works, speaking: works })).toEqual([]);
  const lost = speechAlarms({ hearing: { state: "lost", failure: "x.onnx cannot be loaded." }, speaking: works });
  expect(lost).toMatchObject([{ kind: "hearing", over: true }]);
  expect(lost[0]?.text).toEndWith(" x.onnx cannot be loaded.");
  expect(speechAlarms({ hearing: { state: "off" }, speaking: works })).toMatchObject([
    { kind: "hearing", over: false },
  ]);
  const spoken = (state: "last-resort" | "lost") => speechAlarms({ hearing: works, speaking: { state } });
  expect(spoken("last-resort")).toMatchObject([{ kind: "voice", over: true }]);
  expect(spoken("lost")).toMatchObject([{ kind: "voice", over: true }]);
});

test("webhooks: what was given up, and a host that takes nothing for an hour", () => {
  const nowMs = 10 * 3_600_000;
  const host = { host: "crm.lan", waiting: 0, oldestMs: null, givenUp: 0 };
  expect(webhookAlarms([host, { ...host, waiting: 1, oldestMs: nowMs - 3_599_999 }], nowMs)).toEqual([]);
  expect(webhookAlarms([{ ...host, waiting: 4, oldestMs: nowMs - 3_600_000, givenUp: 2 }], nowMs)).toMatchObject([
    { kind: "webhook", over: true, text: expect.stringContaining("2 webhooks for crm.lan were given up") },
    { kind: "webhook", over: false, text: expect.stringContaining("4 webhooks wait for crm.lan") },
  ]);
});
