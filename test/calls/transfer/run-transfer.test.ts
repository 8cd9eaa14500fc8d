/** An attempt as it is carried out: what reaches the PBX, the media Worker and the receptionist, and in which order. */
import { expect, test } from "bun:test";
import { createCallTransfers } from "../../../src/calls/transfer/call-transfers.ts";
import type { TransferMode } from "../../../src/calls/transfer/machine.ts";
import { answerOffer } from "../../../src/media/sdp.ts";
import { createClock } from "../clock.ts";
import { clearVoice } from "../harness.ts";
import { anyOffer, legMedia, legSpeech, legSwitch, newLegSide } from "./leg-switch.ts";

const beth = { name: "Beth", extension: "201", roles: [] };

function caller(mode: TransferMode = "consult") {
  const pbx = legSwitch();
  const media = legMedia();
  const speech = legSpeech();
  const clock = createClock();
  const told: string[] = [];
  let ids = 0;
  const transfers = createCallTransfers("call", {
    mode,
    legs: pbx.legs,
    media: media.port,
    speech: speech.port,
    prompts: { get: () => undefined },
    newLegSide,
    newId: () => `leg-${++ids}`,
    schedule: clock.schedule,
    nowMs: () => 0,
    failed: (error) => told.push(`failed ${error instanceof Error ? error.message : error}`),
    publish: (event) => event.kind === "transfer" && told.push(event.state),
    hangUpCaller: () => told.push("hang-up-caller"),
    handedOver: () => told.push("handed-over"),
    returned: (reason) => told.push(`returned ${reason}`),
  });
  return {
    pbx,
    media,
    speech,
    clock,
    told,
    transfers,
    async begin() {
      transfers.begin({ to: beth, about: "Call for you. Press 1." });
      await settled();
    },
    async answered() {
      pbx.answer();
      clock.turn(500);
      await settled();
    },
    /** The question is out. */
    async asked() {
      const playId = media.of("play").at(-1)?.playId ?? 0;
      media.handlers.get("leg-1")?.({
        kind: "play-ended",
        callId: "leg-1",
        playId,
        playedMs: 1000,
        completed: true,
      });
      await settled();
    },
    key: (digit: string) => media.handlers.get("leg-1")?.({ kind: "digit", callId: "leg-1", digit, durationMs: 100 }),
    async says(text: string) {
      speech.hears(text);
      const samples = new Float32Array(1);
      const leg = media.handlers.get("leg-1");
      leg?.({ kind: "speech-started", callId: "leg-1", utteranceId: 1, atMs: 0 });
      leg?.({ kind: "paused", callId: "leg-1", utteranceId: 1, pause: 1, atMs: 0, samples, voice: clearVoice });
      await settled();
      leg?.({
        kind: "utterance",
        callId: "leg-1",
        utteranceId: 1,
        pause: 1,
        samples: undefined,
        voice: clearVoice,
        startedAtMs: 0,
        speechEndedAtMs: 1,
        reason: "silence",
      });
      await settled();
    },
    ringback: () => media.of("ringback").map(({ on }) => on),
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

test("the way of a call that is taken: rung, asked, joined, and the PBX asked to join them", async () => {
  const call = caller();
  await call.begin();
  expect(call.pbx.placed[0]?.request).toMatchObject({
    purpose: "transfer",
    forCall: "call",
    extension: "201",
    ringMs: 25_000,
  });
  expect(call.ringback()).toEqual([true]);
  await call.answered();
  expect(call.media.of("start")).toMatchObject([{ callId: "leg-1", media: { codec: "PCMU" }, mode: "converse" }]);
  expect(call.media.of("play").map(({ callId }) => callId)).toEqual(["leg-1", "leg-1"]);
  expect(call.media.of("play").every(({ interruptible }) => !interruptible)).toBe(true);
  await call.asked();
  call.key("1");
  expect(call.ringback()).toEqual([true, false]);
  expect(call.media.of("bridge")).toEqual([{ kind: "bridge", callId: "call", withCallId: "leg-1" }]);
  expect(call.pbx.referred[0]?.target).toEqual({ kind: "leg", legId: "dialog-1" });
  expect(call.told).toEqual(["ringing", "asking", "connected", "handed-over"]);
  call.pbx.referred[0]?.handlers.accepted();
  call.pbx.referred[0]?.handlers.done("succeeded");
  expect(call.pbx.placed[0]?.hungUp).toBe(true);
  expect(call.told.at(-1)).toBe("hang-up-caller");
  expect(call.transfers.figures()).toEqual({ transfersTried: 1, transfersMade: 1, joinedMs: 0 });
});

test("the PBX refuses: joined here, keys passed on both ways, and when one hangs up so does the other", async () => {
  const call = caller();
  await call.begin();
  await call.answered();
  await call.asked();
  await call.says("Yes, put him through");
  call.pbx.referred[0]?.handlers.done("refused");
  call.transfers.press("5", 120);
  call.key("7");
  expect(call.media.of("press")).toEqual([
    { kind: "press", callId: "leg-1", digit: "5", durationMs: 120 },
    { kind: "press", callId: "call", digit: "7", durationMs: 100 },
  ]);
  call.pbx.placed[0]?.handlers.ended("they-hung-up");
  expect(call.told.at(-1)).toBe("hang-up-caller");
  expect(call.media.of("close")).toEqual([{ kind: "close", callId: "leg-1" }]);
  expect(call.clock.waiting()).toBe(0);
});

test("joined here, the caller hangs up: so does the leg, at once", async () => {
  const call = caller();
  await call.begin();
  await call.answered();
  call.key("1");
  call.pbx.referred[0]?.handlers.done("refused");
  call.transfers.callerGone();
  expect(call.pbx.placed[0]?.hungUp).toBe(true);
  expect(call.clock.waiting()).toBe(0);
});

test("the caller hangs up before the leg could even be placed: none is", async () => {
  const call = caller();
  call.transfers.begin({ to: beth, about: "" });
  call.transfers.callerGone();
  await settled();
  expect(call.pbx.placed).toEqual([]);
  expect(call.media.of("close").length).toBeGreaterThan(0);
});

test.each(["ringing", "asking", "asked"])(
  "the caller hangs up, the other side %s: the leg is ended at once",
  async (when) => {
    const call = caller();
    await call.begin();
    if (when !== "ringing") await call.answered();
    if (when === "asked") await call.asked();
    call.transfers.callerGone();
    expect(call.pbx.placed[0]?.hungUp).toBe(true);
    expect(call.told).not.toContain("handed-over");
    expect(call.clock.waiting()).toBe(0);
    call.clock.turn(120_000);
    expect(call.told.some((what) => what.startsWith("returned"))).toBe(false);
  },
);

test.each([
  ["busy", "busy"],
  ["no-answer", "no-answer"],
  ["looped", "no-answer"],
  ["declined", "declined"],
  ["not-allowed", "unreachable"],
] as const)("the PBX says %s: the caller is back in the same moment", async (end, reason) => {
  const call = caller();
  await call.begin();
  call.pbx.placed[0]?.handlers.ended(end);
  expect(call.told).toEqual(["ringing", "failed", `returned ${reason}`]);
  expect(call.ringback()).toEqual([true, false]);
  expect(call.clock.waiting()).toBe(0);
});

test("a voicemail talks, and is hung up on; silence is asked twice, and hung up on", async () => {
  const machine = caller();
  await machine.begin();
  await machine.answered();
  await machine.says("You have reached the voicemail of Beth. Please leave a message after the tone");
  expect(machine.told.at(-1)).toBe("returned no-answer");
  const silent = caller();
  await silent.begin();
  await silent.answered();
  await silent.asked();
  silent.clock.turn(5_000);
  await settled();
  await silent.asked();
  silent.clock.turn(7_000);
  expect(silent.told.at(-1)).toBe("returned no-answer");
  expect(silent.pbx.placed[0]?.hungUp).toBe(true);
});

test("no port, no codec, no voice, no answer from the stack: back with the receptionist", async () => {
  const full = caller();
  full.media.refuse();
  await full.begin();
  expect(full.told.at(-1)).toBe("returned failed");

  const odd = caller();
  await odd.begin();
  odd.pbx.placed[0]?.handlers.answered("v=0");
  expect(odd.told.at(-1)).toBe("returned failed");
  expect(odd.pbx.placed[0]?.hungUp).toBe(true);

  const mute = caller();
  mute.speech.dies();
  await mute.begin();
  await mute.answered();
  for (let i = 0; i < 4; i++) {
    mute.clock.turn(2_000);
    await settled();
  }
  expect(mute.told.at(-1)).toBe("returned failed");

  const deaf = caller();
  await deaf.begin();
  deaf.clock.turn(40_000);
  expect(deaf.told.at(-1)).toBe("returned no-answer");
  expect(deaf.pbx.placed[0]?.hungUp).toBe(true);
});

test("the leg's sound is lost while they talk: the caller is given back", async () => {
  const call = caller();
  await call.begin();
  await call.answered();
  call.key("1");
  call.pbx.referred[0]?.handlers.done("refused");
  call.media.handlers.get("leg-1")?.({ kind: "inactive", callId: "leg-1" });
  expect(call.told.at(-1)).toBe("returned failed");
  expect(call.media.of("unbridge")).toHaveLength(1);
});

test("called off: the leg is ended, and nothing is said of it", async () => {
  const call = caller();
  await call.begin();
  call.transfers.withdraw();
  expect(call.pbx.placed[0]?.hungUp).toBe(true);
  expect(call.told).toEqual(["ringing", "failed"]);
  expect(call.ringback()).toEqual([true, false]);
});

test("the leg is held and resumed like any other", async () => {
  const call = caller();
  await call.begin();
  await call.answered();
  const answer = call.pbx.placed[0]?.handlers.reoffered(anyOffer().replace("sendrecv", "sendonly"));
  expect(answer).toContain("recvonly");
  expect(answer).toMatch(/^o=- 5 2 /m);
  expect(call.media.of("start").at(-1)).toMatchObject({ callId: "leg-1", media: { direction: "recvonly" } });
  expect(call.pbx.placed[0]?.handlers.reoffered("nonsense")).toBeUndefined();
});

test("one who takes the leg over leaves the offer to us, and is heard from where his answer says", async () => {
  const call = caller();
  await call.begin();
  await call.answered();
  const leg = call.pbx.placed[0]?.handlers;
  const offer = leg?.reoffer?.() ?? "";
  expect(offer).toMatch(/^o=- 5 2 /m);
  expect(offer).toContain("RTP/AVP 8 0");
  const theirs = { address: "192.0.2.8", port: 7002, codecs: ["PCMA"], sessionId: 1, version: 1 } as const;
  const answer = answerOffer(offer, theirs);
  leg?.reanswered?.(answer.ok ? answer.sdp : "");
  const moved = { codec: "PCMA", remote: { address: "192.0.2.8", port: 7002 } };
  expect(call.media.of("start").at(-1)).toMatchObject({ callId: "leg-1", media: moved });
  const before = call.media.of("start").length;
  leg?.reanswered?.(answer.ok ? answer.sdp : ""); // a refresh
  leg?.reanswered?.("nonsense");
  expect(call.media.of("start")).toHaveLength(before);
});

test("a refresh of the leg that is answered from another port moves its sound there", async () => {
  const call = caller();
  await call.begin();
  await call.answered();
  const moved = { address: "192.0.2.7", port: 7010, codecs: ["PCMU"], sessionId: 9, version: 2 } as const;
  const answer = answerOffer(anyOffer(), moved);
  call.pbx.placed[0]?.handlers.reanswered?.(answer.ok ? answer.sdp : "");
  expect(call.media.of("start").at(-1)).toMatchObject({ callId: "leg-1", media: { remote: { port: 7010 } } });
});

test("blind: no leg; the PBX takes him or does not", async () => {
  const call = caller("blind");
  await call.begin();
  expect(call.pbx.placed).toEqual([]);
  expect(call.pbx.referred[0]?.target).toEqual({ kind: "extension", extension: "201" });
  call.pbx.referred[0]?.handlers.accepted();
  expect(call.told).toEqual(["ringing", "connected", "handed-over"]);
  call.pbx.referred[0]?.handlers.done("failed");
  expect(call.told.slice(3)).toEqual(["failed", "returned failed"]);
  const refused = caller("blind");
  await refused.begin();
  refused.pbx.referred[0]?.handlers.done("refused");
  expect(refused.told.at(-1)).toBe("returned failed");
});

test("a bug in the stack costs the attempt, not the call", async () => {
  const call = caller("blind");
  call.pbx.legs.refer = () => {
    throw new Error("a bug");
  };
  await call.begin();
  expect(call.told).toEqual(["ringing", "failed a bug", "returned failed"]);
  expect(call.ringback().at(-1)).toBe(false);
  expect(call.clock.waiting()).toBe(0);
});
