/** Who speaks: the caller's speech holds our prompts in the Worker; main's word about it lets them go on, or ends them. */
import { expect, test } from "bun:test";
import { caller, loud, oneCall, quiet, say, talker } from "./one-call.ts";

/** A sound into a prompt, a cough's 200 ms; at its pause, `answer`. */
async function cough(answer: (call: ReturnType<typeof oneCall>) => void, frames = 10) {
  const call = oneCall();
  const voice = talker();
  say(call, 1, 3000);
  let isAnswered = false;
  await call.frames(250, (i) => {
    call.session.rtp(voice.packet(i >= 50 && i < 50 + frames ? loud : quiet), caller);
    if (isAnswered || call.of("paused").length === 0) return;
    isAnswered = true;
    answer(call);
  });
  return call;
}

const release = { kind: "release", callId: "call", utteranceId: 1, pause: 1 } as const;
const wait = { kind: "wait", callId: "call", utteranceId: 1, pause: 1, silenceMs: 500 } as const;

test("released at its pause, the prompt goes on within 200 ms of the end of a cough, and ends once", async () => {
  const call = await cough(({ session }) => session.release(release));
  const silent = call.rtp.findIndex(({ payload, atMs }) => atMs > 2000 && !payload.includes(1));
  const again = call.rtp.findIndex(({ payload }, i) => i > silent && payload.includes(1));
  const coughEndsMs = 1000 + 60 * 20;
  expect((call.rtp[again]?.atMs ?? 0) - coughEndsMs).toBeLessThanOrEqual(200);
  expect(call.of("play-ended")).toMatchObject([{ playId: 1, playedMs: 3000, completed: true }]);
});

test.each([
  ["another utterance's", { ...release, utteranceId: 7 }],
  ["another pause's", { ...release, pause: 2 }],
])("a release of %s is not heeded", async (_, message) => {
  const call = await cough(({ session }) => {
    session.wait(wait);
    session.release(message);
  });
  const after = call.rtp.filter(({ atMs }) => atMs > 2_400 && atMs < 5_000);
  expect(after.some(({ payload }) => payload.includes(1))).toBe(false);
});

test("a release that comes when the caller has gone on speaking is not heeded; the next pause's is", async () => {
  const call = oneCall();
  const voice = talker();
  say(call, 1, 3000);
  await call.frames(140, (i) => {
    call.session.rtp(voice.packet((i >= 50 && i < 60) || (i >= 72 && i < 90) ? loud : quiet), caller);
    if (call.of("paused").length === 1) call.session.wait(wait);
    if (i === 84) call.session.release(release);
    if (i === 90) expect(call.rtp.at(-1)?.payload.includes(1)).toBe(false);
    if (call.of("paused").length === 2) call.session.release({ ...release, pause: 2 });
  });
  expect(call.of("resumed").length).toBe(1);
  expect(call.rtp.at(-1)?.payload.includes(1)).toBe(true);
  expect(call.of("play-held").length).toBe(1);
});

test("held again by words that follow, it tells once more how much was heard", async () => {
  const call = oneCall();
  const voice = talker();
  say(call, 1, 3000);
  await call.frames(140, (i) => {
    call.session.rtp(voice.packet((i >= 50 && i < 60) || (i >= 78 && i < 130) ? loud : quiet), caller);
    if (call.of("paused").length === 1) call.session.release(release);
  });
  const held = call.of("play-held");
  expect(held.length).toBe(2);
  expect(held[1]?.playedMs).toBeGreaterThanOrEqual(held[0]?.playedMs ?? 0);
  expect(call.rtp.at(-1)?.payload.includes(1)).toBe(false);
});

test("a short sound of which nothing is known yet is presumed a cough: the prompt goes on within 300 ms of its end", async () => {
  const call = await cough(() => undefined);
  const silent = call.rtp.findIndex(({ payload, atMs }) => atMs > 2000 && !payload.includes(1));
  const again = call.rtp.findIndex(({ payload }, i) => i > silent && payload.includes(1));
  expect((call.rtp[again]?.atMs ?? 0) - (1000 + 60 * 20)).toBeLessThanOrEqual(300);
});

test("one whose words are known and a turn stays out of it until it is answered; so does a longer one", async () => {
  const short = await cough(({ session }) => session.wait(wait));
  const long = await cough(() => undefined, 40);
  for (const call of [short, long]) {
    const after = call.rtp.filter(({ atMs }) => atMs > 3_300 && atMs < 5_000);
    expect(after.some(({ payload }) => payload.includes(1))).toBe(false);
  }
});

test("nobody decides what it was: after 5 s the prompt goes on", async () => {
  const call = await cough(() => undefined, 40);
  expect(call.rtp.at(-1)?.payload.includes(1)).toBe(false);
  await call.frames(150);
  const over = call.of("utterance")[0]?.nowMs ?? 0;
  const again = call.rtp.find(({ payload, atMs }) => atMs > over && payload.includes(1));
  expect(Math.abs((again?.atMs ?? 0) - over - 5_000)).toBeLessThanOrEqual(60);
});

test("dropped, a held prompt ends with what was heard of it, and the answer is spoken on release", async () => {
  const call = await cough(({ session, ...rest }) => {
    session.dropPlay(1);
    say({ session, ...rest } as ReturnType<typeof oneCall>, 2, 100);
    session.release(release);
  });
  const [held] = call.of("play-held");
  const [first, second] = call.of("play-ended");
  expect(first).toMatchObject({ playId: 1, completed: false });
  expect((first?.playedMs ?? 0) - (held?.playedMs ?? 0)).toBe(8); // that was fading
  expect(second).toMatchObject({ playId: 2, playedMs: 100, completed: true });
});

test("a prompt sent while the caller speaks waits until what he said is judged", async () => {
  const call = oneCall();
  const voice = talker();
  await call.frames(60, (i) => {
    call.session.rtp(voice.packet(i < 40 ? loud : quiet), caller);
    if (i === 20) say(call, 1, 100);
  });
  expect(call.of("play-started")).toEqual([]);
  call.session.release(release);
  await call.frames(10);
  expect(call.of("play-ended")).toMatchObject([{ playId: 1, playedMs: 100, completed: true }]);
});
