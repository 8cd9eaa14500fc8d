import { expect, test } from "bun:test";
import type { Challenge } from "../../../src/sip/registration/digest.ts";
import {
  attemptMs,
  longestPauseMs,
  openRegistration,
  type RegisterAnswer,
  type RegistrationEffect,
  type RegistrationInput,
  refreshMs,
  returnMs,
  stepRegistration,
} from "../../../src/sip/registration/machine.ts";

const challenge = (nonce: string, more: Partial<Challenge> = {}): Challenge => ({
  realm: "pbx.test",
  nonce,
  opaque: undefined,
  algorithm: "MD5",
  qopAuth: true,
  stale: false,
  proxy: false,
  ...more,
});

const answer = (status: number, more: Partial<RegisterAnswer> = {}): RegistrationInput => ({
  kind: "answer",
  answer: {
    status,
    challenge: undefined,
    grantedSeconds: undefined,
    minExpiresSeconds: undefined,
    retryAfterSeconds: undefined,
    ...more,
  },
});

const asked = (nonce: string, more?: Partial<Challenge>) => answer(401, { challenge: challenge(nonce, more) });
const start: RegistrationInput = { kind: "start" };
const opened: RegistrationInput = { kind: "opened", ok: true };
const silent: RegistrationInput = { kind: "timer", name: "attempt" };
const refresh: RegistrationInput = { kind: "timer", name: "refresh" };
const retry: RegistrationInput = { kind: "timer", name: "retry" };

/** Effects of the last input; chance is always 1, so that pauses are whole. */
function walk(registrars: number, ...inputs: RegistrationInput[]) {
  let state = openRegistration({ registrars, expiresSeconds: 300, realm: "pbx.test" });
  let effects: readonly RegistrationEffect[] = [];
  for (const input of inputs) ({ state, effects } = stepRegistration(state, input, () => 1));
  return { state, effects };
}

function find<K extends RegistrationEffect["kind"]>(effects: readonly RegistrationEffect[], kind: K) {
  return effects.find((effect): effect is RegistrationEffect & { kind: K } => effect.kind === kind);
}
const pauseOf = (effects: readonly RegistrationEffect[]) => {
  const timer = effects.find((effect) => effect.kind === "timer" && effect.name === "retry");
  return timer?.kind === "timer" ? timer.afterMs : undefined;
};

test("Asked without credentials, then with them; granted, and refreshed within 40 s whatever was granted", () => {
  expect(find(walk(1, start, opened).effects, "register")).toMatchObject({ expiresSeconds: 300, auth: undefined });
  const second = walk(1, start, opened, asked("a"));
  expect(find(second.effects, "register")?.auth).toEqual({ challenge: challenge("a"), count: 1 });
  const done = walk(1, start, opened, asked("a"), answer(200, { grantedSeconds: 3_600 }));
  expect(done.effects).toContainEqual({ kind: "timer", name: "refresh", afterMs: refreshMs });
  const short = walk(1, start, opened, asked("a"), answer(200, { grantedSeconds: 30 }));
  expect(short.effects).toContainEqual({ kind: "timer", name: "refresh", afterMs: 15_000 });
});

test("A refresh uses the nonce again with the next count; a nonce that has grown stale is answered anew", () => {
  const up = [start, opened, asked("a"), answer(200), refresh];
  expect(find(walk(1, ...up).effects, "register")?.auth).toEqual({ challenge: challenge("a"), count: 2 });
  const again = walk(1, ...up, asked("b"));
  expect(find(again.effects, "register")?.auth).toEqual({ challenge: challenge("b"), count: 1 });
  const stale = walk(1, ...up, asked("b"), asked("c", { stale: true }));
  expect(find(stale.effects, "register")?.auth?.challenge.nonce).toBe("c");
});

test("Credentials that were refused are not sent again at once: after 60, 120, 240, 300 s", () => {
  const pauses: (number | undefined)[] = [];
  const inputs: RegistrationInput[] = [start];
  for (let round = 0; round < 4; round += 1) {
    inputs.push(opened, asked("a"), asked("b"));
    pauses.push(pauseOf(walk(1, ...inputs).effects));
    inputs.push(retry);
  }
  expect(pauses).toEqual([60_000, 120_000, 240_000, 300_000]);
  expect(find(walk(1, start, opened, asked("a"), asked("b")).effects, "failed")?.problem).toBe("wrong-credentials");
});

test("The password answers to the configured realm alone", () => {
  const { effects } = walk(1, start, opened, asked("a", { realm: "elsewhere" }));
  expect(find(effects, "register")).toBeUndefined();
  expect(find(effects, "failed")?.problem).toBe("other-realm");
});

test("Stale for ever is no way to be asked for ever", () => {
  const stale = asked("x", { stale: true });
  expect(find(walk(1, start, opened, stale, stale, stale).effects, "register")).toBeDefined();
  expect(find(walk(1, start, opened, stale, stale, stale, stale).effects, "failed")?.problem).toBe("wrong-credentials");
});

test("Without an answer: the next registrar at once, after the last one pauses from 1 s to 30 s", () => {
  const first = walk(2, start, opened, silent);
  expect(find(first.effects, "open")?.at).toBe(1);
  const pauses: (number | undefined)[] = [];
  const inputs: RegistrationInput[] = [start];
  for (let round = 0; round < 7; round += 1) {
    inputs.push(opened, silent, { kind: "opened", ok: false });
    pauses.push(pauseOf(walk(2, ...inputs).effects));
    inputs.push(retry);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, longestPauseMs, longestPauseMs]);
  // Both silent, and the longest pause: even then a registrar that comes back hears of us within a minute.
  expect(2 * attemptMs + longestPauseMs).toBeLessThan(60_000);
  expect(refreshMs).toBeLessThan(60_000);
});

test("From the second registrar it returns to the first after five minutes, and stays if that one is still down", () => {
  const second = [start, opened, silent, opened, answer(200)];
  expect(walk(2, ...second).effects).toContainEqual({ kind: "timer", name: "return", afterMs: returnMs });
  // Refreshes do not put it off.
  const refreshed = walk(2, ...second, refresh, answer(200));
  expect(refreshed.effects.some((effect) => effect.kind === "timer" && effect.name === "return")).toBe(false);
  const returning = walk(2, ...second, { kind: "timer", name: "return" });
  expect(find(returning.effects, "open")?.at).toBe(0);
  const stays = walk(2, ...second, { kind: "timer", name: "return" }, { kind: "opened", ok: false });
  expect(find(stays.effects, "open")?.at).toBe(1);
  expect(walk(2, ...second, { kind: "timer", name: "return" }, opened, answer(200)).state).toMatchObject({
    phase: "registered",
    at: 0,
    returning: false,
  });
});

test("A nonce is not used at another registrar", () => {
  const { effects } = walk(2, start, opened, asked("a"), silent, opened);
  expect(find(effects, "register")?.auth).toBeUndefined();
});

test("A lost connection is opened again at once", () => {
  expect(find(walk(1, start, opened, answer(200), { kind: "lost" }).effects, "open")?.at).toBe(0);
  expect(pauseOf(walk(1, start, opened, { kind: "lost" }).effects)).toBe(1_000);
});

test("423 raises the time asked for; 503 waits as long as it says, five minutes at most", () => {
  const brief = walk(1, start, opened, answer(423, { minExpiresSeconds: 600 }));
  expect(find(brief.effects, "register")?.expiresSeconds).toBe(600);
  expect(find(walk(1, start, opened, answer(423, { minExpiresSeconds: 60 })).effects, "register")).toBeUndefined();
  expect(pauseOf(walk(1, start, opened, answer(503, { retryAfterSeconds: 45 })).effects)).toBe(45_000);
  expect(pauseOf(walk(1, start, opened, answer(503, { retryAfterSeconds: 86_400 })).effects)).toBe(300_000);
  expect(find(walk(1, start, opened, answer(403)).effects, "failed")?.problem).toBe("refused");
});

test("Leaving withdraws what is registered, answers one challenge, and waits 2 s; what is not registered just ends", () => {
  const up = [start, opened, asked("a"), answer(200), { kind: "leave" } as const];
  expect(find(walk(1, ...up).effects, "register")).toMatchObject({ expiresSeconds: 0, auth: { count: 2 } });
  expect(walk(1, ...up).effects).toContainEqual({ kind: "timer", name: "attempt", afterMs: 2_000 });
  expect(find(walk(1, ...up, asked("b")).effects, "register")).toMatchObject({ expiresSeconds: 0, auth: { count: 1 } });
  for (const last of [answer(200), answer(500), silent, { kind: "answer", answer: undefined } as const]) {
    expect(walk(1, ...up, last).state.phase).toBe("left");
    expect(find(walk(1, ...up, last).effects, "left")).toBeDefined();
  }
  expect(find(walk(1, ...up, asked("b"), asked("c")).effects, "left")).toBeDefined();
  expect(find(walk(1, start, { kind: "leave" }).effects, "left")).toBeDefined();
  expect(walk(1, ...up, answer(200), retry, start).effects).toEqual([]);
});
