import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import { createKeeping } from "../../src/calls/keeping.ts";
import type { CallLog, Recording, StoredTurn } from "../../src/calls/ports.ts";
import type { ToMedia } from "../../src/media/messages.ts";
import { createClock } from "./clock.ts";

const at = new Date("2026-11-24T10:05:00Z");
const identity = { number: "+447700900123", display: undefined, withheld: false };
const end = { at, outcome: "booked", endedBy: "caller", quality: {} } as const;
const chunk = {
  kind: "recorded",
  callId: "call-1",
  sequence: 0,
  codec: "PCMA",
  caller: new Uint8Array(8),
  agent: new Uint8Array(8),
} as const;

function turn(n: number, said = ""): StoredTurn {
  return {
    n,
    at: at.toISOString(),
    heard: "",
    nbest: [],
    confidence: null,
    said,
    saidInFull: false,
    asks: null,
    heardFromMs: null,
    heardToMs: null,
  };
}

function keeping() {
  const clock = createClock();
  const written: string[] = [];
  const failures: unknown[] = [];
  const sent: ToMedia[] = [];
  const disk = { full: false, fault: undefined as Error | undefined };
  const write = (what: string) => {
    if (disk.fault) throw disk.fault;
    if (disk.full) throw new AppError("storage_failed", "is the disk full?");
    written.push(what);
  };
  const log: CallLog = {
    begin: () => write("begin"),
    disclosed: () => write("disclosed"),
    turn: (_, { n, said }) => write(`turn ${n} ${said}`.trim()),
    end: (_, { outcome }) => write(`end ${outcome}`),
  };
  const recording: Recording = {
    append: () => write("sound"),
    finish: () => write("sealed"),
    abandon: () => void written.push("abandoned"),
  };
  const kept = createKeeping("call-1", {
    log,
    desk: { noteEmergency: ({ emergency }) => write(emergency) },
    media: { send: (message) => sent.push(message) },
    record: () => {
      write("recording");
      return recording;
    },
    schedule: clock.schedule,
    failed: (_, error) => failures.push(error),
  });
  return { kept, clock, written, failures, sent, disk };
}

describe("keeping on a good disk", () => {
  test("everything is written when it comes, in order", () => {
    const { kept, written, sent, clock } = keeping();
    kept.begin({ id: "call-1", line: "*", startedAt: at });
    kept.disclosed(identity, at);
    kept.turn(turn(1));
    kept.sound(chunk);
    kept.end(end);
    expect(written).toEqual(["begin", "disclosed", "recording", "turn 1", "sound", "sealed", "end booked"]);
    expect(sent).toEqual([{ kind: "record", callId: "call-1", on: true }]);
    expect(clock.waiting()).toBe(0);
  });

  test("a recording that the caller does not want stays stopped, whoever he is put through to", () => {
    const { kept, sent } = keeping();
    kept.disclosed(identity, at);
    kept.stopSound();
    kept.keepSound(false);
    kept.keepSound(true);
    expect(sent.map((message) => message.kind === "record" && message.on)).toEqual([true, false]);
  });

  test("sound that comes before the disclosure has played out is not kept", () => {
    const { kept, written } = keeping();
    kept.sound(chunk);
    expect(written).toEqual([]);
  });
});

describe("keeping on a full disk", () => {
  test("a call whose row cannot be opened is not taken", () => {
    const { kept, disk } = keeping();
    disk.full = true;
    expect(() => kept.begin({ id: "call-1", line: "*", startedAt: at })).toThrow(AppError);
  });

  test("turns wait, the newest text of each, and are written in order when there is room again", () => {
    const { kept, written, failures, disk, clock } = keeping();
    kept.disclosed(identity, at);
    written.length = 0;
    disk.full = true;
    kept.turn(turn(1, "made"));
    kept.turn(turn(2));
    kept.turn(turn(1, "spoken"));
    clock.turn(7_000);
    expect(written).toEqual([]);
    expect(failures).toHaveLength(1);
    disk.full = false;
    clock.turn(2_000);
    expect(written).toEqual(["turn 1 spoken", "turn 2"]);
    expect(clock.waiting()).toBe(0);
  });

  test("the end is written after the call, when there is room", () => {
    const { kept, written, disk, clock } = keeping();
    disk.full = true;
    kept.turn(turn(1));
    kept.end(end);
    disk.full = false;
    expect(written).toEqual([]);
    clock.turn(2_000);
    expect(written).toEqual(["turn 1", "end booked"]);
  });

  test("an emergency is noted late rather than never, and never throws into the call", () => {
    const { kept, written, disk, clock } = keeping();
    disk.full = true;
    kept.emergency({ emergency: "gas", propertyId: undefined, unattended: false });
    disk.full = false;
    clock.turn(2_000);
    expect(written).toEqual(["gas"]);
  });

  test("a recording ends where the disk refused it and the Worker is told; the rest is kept", () => {
    const { kept, written, failures, sent, disk } = keeping();
    kept.disclosed(identity, at);
    kept.sound(chunk);
    disk.full = true;
    kept.sound(chunk);
    disk.full = false;
    kept.sound(chunk);
    kept.turn(turn(1));
    kept.end(end);
    expect(written).toEqual(["disclosed", "recording", "sound", "abandoned", "turn 1", "end booked"]);
    expect(failures).toHaveLength(1);
    expect(sent.at(-1)).toEqual({ kind: "record", callId: "call-1", on: false });
  });

  test("no recording is begun when the disclosure is written after the call", () => {
    const { kept, written, sent, disk, clock } = keeping();
    disk.full = true;
    kept.disclosed(identity, at);
    kept.end(end);
    disk.full = false;
    clock.turn(2_000);
    expect(written).toEqual(["disclosed", "end booked"]);
    expect(sent).toEqual([]);
  });

  test("it is given up after half an hour", () => {
    const { kept, disk, clock, failures } = keeping();
    disk.full = true;
    kept.end(end);
    clock.turn(30 * 60_000);
    expect(clock.waiting()).toBe(0);
    expect(failures).toHaveLength(1);
  });
});

test("a bug is no failure of the disk: it is thrown, and what comes after it is still kept", () => {
  const { kept, written, disk } = keeping();
  disk.fault = new TypeError("a bug");
  expect(() => kept.turn(turn(1))).toThrow(TypeError);
  disk.fault = undefined;
  kept.turn(turn(2));
  expect(written).toEqual(["turn 2"]);
});
