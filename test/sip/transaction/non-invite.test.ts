import { expect, test } from "bun:test";
import {
  type NonInviteClientEffect,
  type NonInviteClientInput,
  openNonInviteClient,
  stepNonInviteClient,
} from "../../../src/sip/transaction/non-invite-client.ts";
import {
  type NonInviteServerEffect,
  type NonInviteServerInput,
  openNonInviteServer,
  stepNonInviteServer,
} from "../../../src/sip/transaction/non-invite-server.ts";

function serve(...inputs: NonInviteServerInput<string>[]): NonInviteServerEffect<string>[] {
  let state = openNonInviteServer<string>();
  let effects: NonInviteServerEffect<string>[] = [];
  for (const input of inputs) ({ state, effects } = stepNonInviteServer(state, input));
  return effects;
}

function ask(...inputs: NonInviteClientInput<string>[]): NonInviteClientEffect<string>[] {
  let { state, effects } = openNonInviteClient("BYE");
  for (const input of inputs) ({ state, effects } = stepNonInviteClient(state, input));
  return effects;
}

const request = { kind: "request" } as const;
const respond = (status: number) => ({ kind: "respond", status, datagram: String(status) }) as const;
const response = (status: number) => ({ kind: "response", status }) as const;
const timer = <N extends string>(name: N) => ({ kind: "timer", name }) as const;

test("Server: silent until the first response, then repeats the last one until J", () => {
  expect(serve(request)).toEqual([]);
  expect(serve(respond(200))).toEqual([
    { kind: "send", datagram: "200" },
    { kind: "timer", name: "J", afterMs: 32_000 },
  ]);
  expect(serve(respond(200), request)).toEqual([{ kind: "send", datagram: "200" }]);
  expect(serve(respond(100), request)).toEqual([{ kind: "send", datagram: "100" }]);
  expect(serve(respond(200), respond(500))).toEqual([]);
  expect(serve(respond(200), timer("J"))).toEqual([{ kind: "terminated" }]);
});

test("Client: E doubles from T1 to T2", () => {
  expect(ask()).toEqual([
    { kind: "send", datagram: "BYE" },
    { kind: "timer", name: "E", afterMs: 500 },
    { kind: "timer", name: "F", afterMs: 32_000 },
  ]);
  const again = (afterMs: number) => [
    { kind: "send", datagram: "BYE" },
    { kind: "timer", name: "E", afterMs },
  ];
  const e = timer("E");
  expect([ask(e), ask(e, e), ask(e, e, e), ask(e, e, e, e)] as unknown[]).toEqual(
    [1_000, 2_000, 4_000, 4_000].map(again),
  );
  expect(ask(response(100), e) as unknown[]).toEqual(again(4_000));
});

test("Client: a final response finishes it once, K soaks up the repetitions", () => {
  expect(ask(response(481))).toEqual([
    { kind: "cancel-timer", name: "E" },
    { kind: "cancel-timer", name: "F" },
    { kind: "finished", status: 481 },
    { kind: "timer", name: "K", afterMs: 5_000 },
  ]);
  expect(ask(response(200), response(200))).toEqual([]);
  expect(ask(response(200), timer("K"))).toEqual([{ kind: "terminated" }]);
});

test("Client: F gives up", () => {
  const given = [{ kind: "cancel-timer", name: "E" }, { kind: "finished", status: "timeout" }, { kind: "terminated" }];
  expect(ask(timer("F")) as unknown[]).toEqual(given);
  expect(ask(response(100), timer("F")) as unknown[]).toEqual(given);
  expect(ask(timer("F"), timer("E"))).toEqual([]);
});

test("Over a stream the server ends with its answer (J is zero), the client sends once (no E) and ends with it (K is zero)", () => {
  expect(stepNonInviteServer(openNonInviteServer<string>(true), respond(200))).toEqual({
    state: { name: "terminated" },
    effects: [{ kind: "send", datagram: "200" }, { kind: "terminated" }],
  });
  const asked = openNonInviteClient("REGISTER", true);
  expect(asked.effects).toEqual([
    { kind: "send", datagram: "REGISTER" },
    { kind: "timer", name: "F", afterMs: 32_000 },
  ]);
  const trying = stepNonInviteClient(asked.state, response(100));
  expect(stepNonInviteClient(trying.state, response(401))).toEqual({
    state: { name: "terminated" },
    effects: [
      { kind: "cancel-timer", name: "E" },
      { kind: "cancel-timer", name: "F" },
      { kind: "finished", status: 401 },
      { kind: "terminated" },
    ],
  });
});

test("Client: a way that broke is no answer: the same request goes by another, until its answer or F", () => {
  const elsewhere = { kind: "elsewhere", request: "BYE again" } as const;
  expect(ask(elsewhere)).toEqual([{ kind: "send", datagram: "BYE again" }]);
  expect(ask(elsewhere, response(200))).toContainEqual({ kind: "finished", status: 200 });
  expect(ask(elsewhere, { kind: "timer", name: "F" })).toContainEqual({ kind: "finished", status: "timeout" });
  expect(ask(response(200), elsewhere)).toEqual([]);
});
