import { expect, test } from "bun:test";
import { createSwitchboard, type Line } from "../../src/calls/switchboard.ts";
import type { ServerCall } from "../../src/sip/ports.ts";
import { srtpPorts } from "./srtp-ports.ts";

/** Media never opens: which line takes the call is known before. */
function lineOf(called: string, ...numbers: string[]): string | undefined {
  const lines = numbers.map((number): Line => ({ number, kind: "echo" }));
  const board = createSwitchboard({
    media: { open: () => new Promise(() => undefined), send: () => undefined, onEvent: () => () => undefined },
    lines,
    codecs: ["PCMA"],
    srtp: srtpPorts("off"),
    maxCalls: () => 1,
    mediaAddress: undefined,
    runCall: () => {
      throw new Error("an echo line runs no conversation");
    },
    failed: (_callId, error) => {
      throw error;
    },
    schedule: () => () => undefined,
  });
  const call: ServerCall = {
    id: crypto.randomUUID(),
    caller: { number: undefined, display: undefined, withheld: true },
    called,
    offer: undefined,
    localAddress: "192.0.2.9",
    ring: () => undefined,
    answer: () => undefined,
    reject: () => undefined,
    hangUp: () => undefined,
  };
  board.onInvite(call);
  return board.calls()[0]?.line;
}

test("A line is found by its number as dialled, in another spelling of it, or as every other number", () => {
  expect(lineOf("1000", "1000", "*")).toBe("1000");
  expect(lineOf("+442079460100", "020 7946 0100", "*")).toBe("020 7946 0100");
  expect(lineOf("02079460100", "+442079460100", "02079460100")).toBe("02079460100"); // as dialled comes first
  expect(lineOf("00442079460100", "+442079460100")).toBe("+442079460100");
  expect(lineOf("02079460101", "02079460100", "*")).toBe("*");
  expect(lineOf("02079460101", "02079460100")).toBeUndefined();
});
