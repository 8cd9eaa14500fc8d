import { expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import { createMaintenance } from "../../src/ops/maintenance.ts";
import { stateOf, type Work } from "../../src/ops/work.ts";
import type { AuditEntry } from "../../src/security/audit.ts";
import { answering } from "./answering.ts";

const actor = { kind: "cli", uid: 0 } as const;

function over(work: Work) {
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: () => undefined, error: () => undefined };
  const audited: string[] = [];
  const audit = { record: ({ action }: AuditEntry) => void audited.push(action) };
  const clock = () => new Date(0);
  return { lines, audited, maintenance: createMaintenance({ log, audit, clock, work: () => work }) };
}

test("nothing is switched before calls are answered, and nothing once it goes down", () => {
  for (const [work, words] of [
    [{ phase: "starting", answering: undefined }, /still starting/],
    [{ phase: "stopping", answering: answering() }, /going down/],
    [{ phase: "stopping", answering: undefined }, /going down/],
  ] as const) {
    const { maintenance, lines, audited } = over(work);
    const asks = [
      () => maintenance.drain(actor, true),
      () => maintenance.trace(actor, true),
      () => maintenance.traced(actor),
    ];
    for (const ask of asks) {
      expect(ask).toThrow(AppError);
      expect(ask).toThrow(words);
    }
    expect([lines, audited]).toEqual([[], []]);
  }
});

test("drained is a state of its own; each switch is logged once", () => {
  const parts = answering();
  const work: Work = { phase: "answering", answering: parts };
  const { maintenance, lines, audited } = over(work);
  expect(stateOf(work)).toBe("answering");
  expect(maintenance.drain(actor, true)).toEqual({ draining: true, calls: 0 });
  expect(stateOf(work)).toBe("draining");
  maintenance.drain(actor, true);
  maintenance.drain(actor, false);
  expect(stateOf(work)).toBe("answering");
  expect(lines).toEqual(["drained: new calls go to people", "takes calls again"]);
  maintenance.trace(actor, true);
  maintenance.traced(actor);
  expect(audited).toEqual([...Array(3).fill("system.drain"), "system.trace", "system.trace-read"]);
  parts.refusing = true;
  expect(stateOf({ ...work, phase: "stopping" })).toBe("stopping");
});
