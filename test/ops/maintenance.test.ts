import { expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import { createMaintenance } from "../../src/ops/maintenance.ts";
import { type Answering, stateOf, type Work } from "../../src/ops/work.ts";

function answering(): Answering & { refusing: boolean } {
  const one = {
    refusing: false,
    userAgent: {
      address: { address: "127.0.0.1", port: 5060 },
      drain() {
        one.refusing = true;
      },
      resume() {
        one.refusing = false;
      },
      draining: () => one.refusing,
      registrations: () => [],
      trace: { set: () => undefined, show: () => ({ on: false, messages: [] }) },
      status: () => ({ sockets: 1, timers: 0, transactions: 0, dialogs: 0, legs: 0, dropped: {}, rejected: [] }),
    },
    media: { status: () => Promise.reject(new Error("not asked for here")) },
    speech: { status: () => [] },
    switchboard: { calls: () => [], refusedFull: () => 0 },
    limit: { atMost: 10, by: "configured" as const },
  };
  return one;
}

function over(work: Work) {
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: () => undefined, error: () => undefined };
  return { lines, maintenance: createMaintenance({ log, work: () => work }) };
}

test("nothing is switched before calls are answered, and nothing once it goes down", () => {
  for (const [work, words] of [
    [{ phase: "starting", answering: undefined }, /still starting/],
    [{ phase: "stopping", answering: answering() }, /going down/],
    [{ phase: "stopping", answering: undefined }, /going down/],
  ] as const) {
    const { maintenance, lines } = over(work);
    for (const ask of [() => maintenance.drain(true), () => maintenance.trace(true), () => maintenance.traced()]) {
      expect(ask).toThrow(AppError);
      expect(ask).toThrow(words);
    }
    expect(lines).toEqual([]);
  }
});

test("drained is a state of its own; each switch is logged once", () => {
  const parts = answering();
  const work: Work = { phase: "answering", answering: parts };
  const { maintenance, lines } = over(work);
  expect(stateOf(work)).toBe("answering");
  expect(maintenance.drain(true)).toEqual({ draining: true, calls: 0 });
  expect(stateOf(work)).toBe("draining");
  maintenance.drain(true);
  maintenance.drain(false);
  expect(stateOf(work)).toBe("answering");
  expect(lines).toEqual(["drained: new calls go to people", "takes calls again"]);
  parts.refusing = true;
  expect(stateOf({ ...work, phase: "stopping" })).toBe("stopping");
});
