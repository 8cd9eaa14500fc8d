import { expect, test } from "bun:test";
import {
  type ClientInviteInput,
  type ClientInviteState,
  openClientInvite,
  stepClientInvite,
} from "../../../src/sip/transaction/client-invite.ts";

/** Effects of each input, in short. */
function run(inputs: readonly ClientInviteInput<string>[]): { state: ClientInviteState<string>; said: string[] } {
  const opened = openClientInvite("INVITE");
  let { state } = opened;
  const said: string[] = [];
  const note = (effects: typeof opened.effects) => {
    for (const effect of effects) {
      if (effect.kind === "send") said.push(`send ${effect.datagram}`);
      else if (effect.kind === "timer") said.push(`${effect.name} ${effect.afterMs}`);
      else if (effect.kind === "cancel-timer") said.push(`-${effect.name}`);
      else said.push(effect.kind === "finished" ? `finished ${effect.status}` : effect.kind);
    }
  };
  note(opened.effects);
  for (const input of inputs) {
    const step = stepClientInvite(state, input);
    state = step.state;
    note(step.effects);
  }
  return { state, said };
}

const opening = ["send INVITE", "A 500", "B 32000"];
const timer = (name: "A" | "B" | "D" | "M") => ({ kind: "timer", name }) as const;
const response = (status: number) => ({ kind: "response", status, ack: status < 200 ? undefined : "ACK" }) as const;

test("A doubles without bound; B gives up", () => {
  const { said, state } = run([timer("A"), timer("A"), timer("A"), timer("A"), timer("B")]);
  const sent = [1_000, 2_000, 4_000, 8_000].flatMap((ms) => ["send INVITE", `A ${ms}`]);
  expect(said).toEqual([...opening, ...sent, "-A", "finished timeout", "terminated"]);
  expect(state.name).toBe("terminated");
});

test("A provisional response ends the repetition; the wait is that of a proxy", () => {
  expect(run([response(100), response(180), timer("A")]).said).toEqual([
    ...opening,
    "-A",
    "B 180000",
    "heard",
    "heard",
  ]);
  expect(run([response(100), timer("B")]).said.slice(-2)).toEqual(["finished timeout", "terminated"]);
});

test.each([
  [200, "M 32000", "M"],
  [491, "D 32000", "D"],
] as const)("%d is acknowledged as often as it comes, and finishes once", (status, wait, name) => {
  const { said, state } = run([response(100), response(status), response(status), timer(name)]);
  expect(said.slice(6)).toEqual(["-A", "-B", "send ACK", wait, `finished ${status}`, "send ACK", "terminated"]);
  expect(state.name).toBe("terminated");
});

test("Over a stream nothing is sent again, and a refusal leaves nothing waiting", () => {
  const { state, effects } = openClientInvite("INVITE", true);
  expect(effects).toEqual([
    { kind: "send", datagram: "INVITE" },
    { kind: "timer", name: "B", afterMs: 32_000 },
  ]);
  expect(stepClientInvite(state, response(491)).effects).toContainEqual({ kind: "timer", name: "D", afterMs: 0 });
  expect(stepClientInvite(state, response(200)).effects).toContainEqual({
    kind: "timer",
    name: "M",
    afterMs: 32_000,
  });
});

test("A 2xx that the owner acknowledges is told each time it comes; a refusal never is", () => {
  const own = { kind: "response", status: 200, ack: undefined } as const;
  expect(run([own, own, response(486), timer("M"), own]).said.slice(3)).toEqual([
    "-A",
    "-B",
    "heard",
    "M 32000",
    "finished 200",
    "heard",
    "terminated",
  ]);
});
