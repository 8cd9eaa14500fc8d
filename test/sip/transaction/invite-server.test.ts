import { expect, test } from "bun:test";
import {
  type InviteServerEffect,
  type InviteServerInput,
  type InviteServerState,
  openInviteServer,
  stepInviteServer,
} from "../../../src/sip/transaction/invite-server.ts";

function walk(...inputs: InviteServerInput<string>[]): {
  state: InviteServerState<string>;
  effects: InviteServerEffect<string>[];
} {
  let state = openInviteServer<string>();
  let effects: InviteServerEffect<string>[] = [];
  for (const input of inputs) ({ state, effects } = stepInviteServer(state, input));
  return { state, effects };
}

const invite = { kind: "invite" } as const;
const ack = { kind: "ack" } as const;
const timer = (name: "G" | "H" | "I" | "L") => ({ kind: "timer", name }) as const;
const respond = (status: number) => ({ kind: "respond", status, datagram: String(status) }) as const;
const send = (datagram: string) => ({ kind: "send", datagram }) as const;

test("Proceeding repeats the latest provisional response, and is silent before the first", () => {
  expect(walk(invite).effects).toEqual([]);
  expect(walk(respond(100), invite).effects).toEqual([send("100")]);
  expect(walk(respond(100), respond(180), invite).effects).toEqual([send("180")]);
});

test("A refusal starts G and H; G doubles from T1 to T2", () => {
  expect(walk(respond(486)).effects).toEqual([
    send("486"),
    { kind: "timer", name: "G", afterMs: 500 },
    { kind: "timer", name: "H", afterMs: 32_000 },
  ]);
  const waits: number[] = [];
  const inputs: InviteServerInput<string>[] = [respond(486)];
  for (let n = 0; n < 5; n += 1) {
    inputs.push(timer("G"));
    for (const effect of walk(...inputs).effects) if (effect.kind === "timer") waits.push(effect.afterMs);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 4_000, 4_000]);
});

test("Completed repeats the refusal for each INVITE; a second final response is discarded", () => {
  expect(walk(respond(486), invite).effects).toEqual([send("486")]);
  expect(walk(respond(486), respond(200)).effects).toEqual([]);
});

test("ACK of a refusal stops G and H; I soaks up the rest, then it is gone", () => {
  expect(walk(respond(486), ack).effects).toEqual([
    { kind: "cancel-timer", name: "G" },
    { kind: "cancel-timer", name: "H" },
    { kind: "timer", name: "I", afterMs: 5_000 },
  ]);
  expect(walk(respond(486), ack, ack).effects).toEqual([]);
  expect(walk(respond(486), ack, invite).effects).toEqual([]);
  expect(walk(respond(486), ack, timer("I"))).toEqual({
    state: { name: "terminated" },
    effects: [{ kind: "terminated" }],
  });
});

test("H gives up waiting for the ACK", () => {
  expect(walk(respond(486), timer("H"))).toEqual({
    state: { name: "terminated" },
    effects: [{ kind: "cancel-timer", name: "G" }, { kind: "terminated" }],
  });
});

test("A 2xx is accepted for 64*T1: INVITEs are soaked up, ACKs passed on, the owner resends (RFC 6026)", () => {
  expect(walk(respond(200)).effects).toEqual([send("200"), { kind: "timer", name: "L", afterMs: 32_000 }]);
  expect(walk(respond(200), invite).effects).toEqual([]);
  expect(walk(respond(200), ack).effects).toEqual([{ kind: "deliver-ack" }]);
  expect(walk(respond(200), { kind: "resend" }).effects).toEqual([send("200")]);
  expect(walk(respond(200), respond(486)).effects).toEqual([]);
  expect(walk(respond(200), timer("L")).effects).toEqual([{ kind: "terminated" }]);
});

test("Over a stream a refusal is sent once (no G), and its ACK is the end (I is zero)", () => {
  const refused = stepInviteServer(openInviteServer<string>(true), { kind: "respond", status: 486, datagram: "486" });
  expect(refused.effects).toEqual([
    { kind: "send", datagram: "486" },
    { kind: "timer", name: "H", afterMs: 32_000 },
  ]);
  const acknowledged = stepInviteServer(refused.state, { kind: "ack" });
  expect(acknowledged.state).toEqual({ name: "terminated" });
  expect(acknowledged.effects).toEqual([{ kind: "cancel-timer", name: "H" }, { kind: "terminated" }]);
});
