import { describe, expect, test } from "bun:test";
import { encode } from "../../src/media/g711.ts";
import type { NegotiatedMedia } from "../../src/media/messages.ts";
import { buildReport } from "../../src/media/rtcp.ts";
import { writeRtp } from "../../src/media/rtp.ts";
import { caller, loud, negotiated, oneCall, quiet, say, talker } from "./one-call.ts";

const stranger = { address: "198.51.100.1", port: 9 };

function held(direction: NegotiatedMedia["direction"]): NegotiatedMedia {
  return { ...negotiated, direction };
}

describe("what is sent", () => {
  test("a packet every 20 ms from the start, silence included; only the first is marked", async () => {
    const call = oneCall();
    await call.frames(50);
    expect(call.rtp.length).toBe(50);
    call.rtp.forEach((packet, i) => {
      const first = call.rtp[0];
      expect(packet.marker).toBe(i === 0);
      expect(packet.sequence).toBe(((first?.sequence ?? 0) + i) & 0xffff);
      expect(packet.timestamp).toBe(((first?.timestamp ?? 0) + 160 * i) >>> 0);
      expect(packet.payload).toEqual(new Uint8Array(160).fill(quiet));
      expect(packet.to).toEqual(caller);
    });
  });

  test("nothing while held; then on with the time that has passed, marked, prompts where they were", async () => {
    const call = oneCall();
    say(call, 1, 200);
    await call.frames(5);
    call.session.start(held("recvonly"), "converse");
    await call.frames(100);
    expect(call.rtp.length).toBe(5);
    call.session.start(negotiated, "converse");
    await call.frames(6);
    const [before, after] = [call.rtp[4], call.rtp[5]];
    expect(((after?.timestamp ?? 0) - (before?.timestamp ?? 0)) >>> 0).toBe(101 * 160);
    expect(((after?.sequence ?? 0) - (before?.sequence ?? 0)) & 0xffff).toBe(1);
    expect([after?.marker, after?.payload[0], call.rtp[9]?.payload[0], call.rtp[10]?.payload[0]]).toEqual([
      true,
      1,
      1,
      quiet,
    ]);
    expect(call.of("play-ended")).toMatchObject([{ playedMs: 200, completed: true }]);
  });

  test("nothing to 0.0.0.0, but on where the peer only listens", async () => {
    const zero = oneCall({ ...negotiated, remote: { address: "0.0.0.0", port: 4000 } });
    await zero.frames(5);
    expect(zero.rtp.length).toBe(0);
    const listening = oneCall(held("sendonly"));
    await listening.frames(5);
    expect(listening.rtp.length).toBe(5);
  });

  test("a frame that is too late is lived through and not sent", async () => {
    const call = oneCall();
    await call.frames(2);
    call.session.speak(call.nowMs, false);
    call.session.hear(call.nowMs);
    await call.frames(1);
    const last = call.rtp.at(-1);
    expect(call.rtp.length).toBe(3);
    expect(((last?.timestamp ?? 0) - (call.rtp[1]?.timestamp ?? 0)) >>> 0).toBe(320);
    expect(last?.marker).toBe(true);
  });

  test("echo returns the caller's bytes, and what was lost made up", async () => {
    const call = oneCall(negotiated, "echo");
    const voice = talker();
    await call.frames(40, (i) => {
      if (i === 20) voice.lose();
      else call.session.rtp(voice.packet(loud), caller);
    });
    const echoed = call.rtp.map(({ payload }) => payload);
    expect(echoed.at(-1)).toEqual(loud);
    expect(echoed.slice(5, 15).every((payload) => payload.every((byte, n) => byte === loud[n]))).toBe(true);
    expect(call.session.stats).toMatchObject({ received: 39, lost: 1, concealedMs: 20 });
    expect(call.of("speech-started")).toEqual([]);
  });
});

describe("whom it listens to", () => {
  test("the first packet of the caller is told once; strangers are dropped and counted", async () => {
    const call = oneCall();
    const voice = talker();
    await call.frames(10, () => {
      call.session.rtp(voice.packet(quiet), caller);
      call.session.rtp(talker(8, { ssrc: 99 }).packet(loud), stranger);
    });
    expect(call.of("rtp-arrived").length).toBe(1);
    expect(call.session.stats).toMatchObject({ received: 10, dropped: { source: 10 } });
  });

  test("after a re-INVITE sound goes to and comes from the new address", async () => {
    const call = oneCall(negotiated, "echo");
    const voice = talker();
    await call.frames(10, () => call.session.rtp(voice.packet(loud), caller));
    const moved = { address: "192.0.2.77", port: 6000 };
    call.session.start({ ...negotiated, remote: moved }, "echo");
    const other = talker(8, { ssrc: 8, sequence: 500, timestamp: 77_777 });
    await call.frames(10, () => {
      call.session.rtp(voice.packet(quiet), caller);
      call.session.rtp(other.packet(loud), moved);
    });
    expect(call.rtp.slice(10).every(({ to }) => to.address === moved.address)).toBe(true);
    expect(call.rtp.at(-1)?.payload).toEqual(loud);
    expect(call.session.stats.dropped).toEqual({ source: 10 });
    expect(call.of("rtp-arrived").length).toBe(1);
  });

  test("symmetric RTP: what comes from the caller's NAT is answered to it", async () => {
    const call = oneCall(negotiated, "echo");
    const nat = { address: caller.address, port: 61_000 };
    const voice = talker();
    await call.frames(5, () => call.session.rtp(voice.packet(loud), nat));
    expect(call.rtp.at(-1)?.to).toEqual(nat);
  });

  test("another SSRC of the same source is heard at once, a flood of them is not", async () => {
    const call = oneCall(negotiated, "echo");
    const first = talker(8, { ssrc: 1 });
    await call.frames(50, () => call.session.rtp(first.packet(loud), caller));
    const second = talker(8, { ssrc: 2, sequence: 9, timestamp: 9 });
    await call.frames(10, () => call.session.rtp(second.packet(loud), caller));
    expect(call.rtp.at(-1)?.payload).toEqual(loud);
    for (let ssrc = 10; ssrc < 100; ssrc++) call.session.rtp(talker(8, { ssrc }).packet(quiet), caller);
    expect(call.session.stats.dropped).toEqual({ ssrc: 90 });
    expect(call.session.stats).toMatchObject({ received: 60, lost: 0, late: 0 });
  });

  test("payload types that were not agreed and malformed packets are dropped and latch nothing", () => {
    const call = oneCall();
    call.session.rtp(talker(18).packet(quiet), caller);
    call.session.rtp(new Uint8Array(5), caller);
    expect(call.session.stats).toMatchObject({ received: 0, dropped: { "payload-type": 1, malformed: 1 } });
    expect(call.of("rtp-arrived")).toEqual([]);
  });

  test("after a change of codec what is still under way in the old one is understood", async () => {
    const call = oneCall(negotiated, "echo");
    const voice = talker();
    await call.frames(10, () => call.session.rtp(voice.packet(quiet), caller));
    call.session.start({ ...negotiated, codec: "PCMU", sendPayloadType: 0, receivePayloadType: 0 }, "echo");
    await call.frames(5, () => call.session.rtp(voice.packet(quiet), caller));
    expect(call.rtp.at(-1)).toMatchObject({ payloadType: 0 });
    for (const byte of call.rtp.at(-1)?.payload ?? []) expect([0xff, 0x7f, 0xfe]).toContain(byte);
    expect(call.session.stats.dropped).toEqual({});
  });

  test("keys are told once each, comfort noise is no fault", () => {
    const call = oneCall();
    const key = (sequence: number, timestamp: number, event: number) =>
      writeRtp(
        { marker: false, payloadType: 101, sequence, timestamp, ssrc: 7, payload: Uint8Array.of(event, 0x8a, 3, 0x20) },
        new Uint8Array(16),
      );
    for (let i = 0; i < 3; i++) call.session.rtp(key(i, 800, 4), caller);
    for (let i = 3; i < 6; i++) call.session.rtp(key(i, 2400, 4), caller);
    call.session.rtp(talker(13, { sequence: 6, samples: 1 }).packet(64), caller);
    expect(call.of("digit")).toMatchObject([
      { digit: "4", durationMs: 100 },
      { digit: "4", durationMs: 100 },
    ]);
    expect(call.session.stats).toMatchObject({ received: 7, lost: 0, dropped: {} });
  });
});

describe("keys that are sound", () => {
  /** A 5 of 80 ms in silence, in A-law. */
  const key = encode(
    "PCMA",
    Int16Array.from({ length: 1600 }, (_, n) =>
      n < 640 ? 5000 * (Math.sin((2 * Math.PI * 770 * n) / 8000) + Math.sin((2 * Math.PI * 1336 * n) / 8000)) : 0,
    ),
  );
  const { dtmfPayloadType: _, ...withoutEvents } = negotiated;

  test.each([
    ["where telephone-event was not agreed", withoutEvents, ["5"]],
    ["and are no keys where it was", negotiated, []],
    ["and are not heard while held", { ...withoutEvents, direction: "recvonly" as const }, []],
  ])("are told %s", async (_name, media, expected) => {
    const call = oneCall(media);
    const voice = talker();
    await call.frames(30, (i) =>
      call.session.rtp(voice.packet(i < 10 ? key.subarray(160 * i, 160 * (i + 1)) : quiet), caller),
    );
    expect(call.of("digit").map(({ digit }) => digit)).toEqual(expected);
  });
});

describe("inactivity", () => {
  test("told once after 10 s without a sign of life, and not before", async () => {
    const call = oneCall();
    await call.frames(500);
    expect(call.of("inactive")).toEqual([]);
    await call.frames(500);
    expect(call.of("inactive").map(({ nowMs }) => nowMs)).toEqual([11_000]);
  });

  test("RTCP and comfort noise are life", async () => {
    const report = buildReport({ ssrc: 7, cname: "x", info: undefined, block: undefined, leaving: false });
    const call = oneCall();
    await call.frames(2000, (i) => {
      if (i % 400 === 0) call.session.rtcp(report, { ...caller, port: 4001 });
    });
    const noisy = oneCall();
    const noise = talker(13, { samples: 1 });
    await noisy.frames(2000, (i) => {
      if (i % 400 === 0) noisy.session.rtp(noise.packet(64), caller);
    });
    expect([call.of("inactive"), noisy.of("inactive")]).toEqual([[], []]);
  });

  test("RTCP of strangers is not", async () => {
    const report = buildReport({ ssrc: 7, cname: "x", info: undefined, block: undefined, leaving: false });
    const call = oneCall();
    await call.frames(600, () => call.session.rtcp(report, stranger));
    expect(call.of("inactive").length).toBe(1);
    expect(call.session.stats.dropped).toEqual({ source: 600 });
  });

  test("suspended while held, counted anew after", async () => {
    const call = oneCall(held("recvonly"));
    await call.frames(3000);
    expect(call.of("inactive")).toEqual([]);
    call.session.start(negotiated, "converse");
    await call.frames(499);
    expect(call.of("inactive")).toEqual([]);
    await call.frames(2);
    expect(call.of("inactive").length).toBe(1);
  });
});

describe("speech", () => {
  async function speakOver(call: ReturnType<typeof oneCall>, from: number, until: number, frames: number) {
    const voice = talker();
    await call.frames(frames, (i) => call.session.rtp(voice.packet(i >= from && i < until ? loud : quiet), caller));
  }

  test("the caller's speech silences the agent within 40 ms of its detection, and within 200 of its onset", async () => {
    const call = oneCall();
    say(call, 1, 5000);
    await speakOver(call, 50, 100, 100);
    const started = call.of("speech-started")[0];
    const [held] = call.of("play-held");
    expect(held).toMatchObject({ playId: 1 });
    const lastWord = call.rtp.filter(({ payload }) => payload.includes(1)).at(-1);
    expect((lastWord?.atMs ?? 0) + 20 - (started?.nowMs ?? 0)).toBeLessThanOrEqual(40);
    expect((lastWord?.atMs ?? 0) + 20 - (1000 + 50 * 20)).toBeLessThanOrEqual(200);
    expect(held?.playedMs).toBe(20 * call.rtp.filter(({ payload }) => payload.every((byte) => byte === 1)).length);
    expect(call.of("play-ended")).toEqual([]);
    expect(call.events.findIndex(({ kind }) => kind === "play-held")).toBeLessThan(
      call.events.findIndex(({ kind }) => kind === "speech-started"),
    );
  });

  test("what must not be interrupted goes on to its end, and the speech is told all the same", async () => {
    const call = oneCall();
    say(call, 1, 1000, false);
    say(call, 2, 1000, true);
    await speakOver(call, 10, 40, 120);
    expect(call.of("speech-started").length).toBe(1);
    expect(call.of("play-held")).toMatchObject([{ playId: 2, playedMs: 0 }]);
    expect(call.of("play-ended")).toMatchObject([{ playId: 1, playedMs: 1000, completed: true }]);
    expect(call.rtp.some(({ payload }) => payload.includes(2))).toBe(false);
  });

  test("paused after 120 ms with the sound so far, over after 700, at the pause that has it all", async () => {
    const call = oneCall();
    await speakOver(call, 50, 100, 160);
    const [started] = call.of("speech-started");
    const [paused] = call.of("paused");
    const [utterance] = call.of("utterance");
    expect(Math.abs((started?.atMs ?? 0) - 1020)).toBeLessThanOrEqual(40);
    expect(paused?.samples.length).toBe(utterance ? 16 * ((paused?.atMs ?? 0) - (started?.atMs ?? 0) + 224) : 0);
    expect(utterance).toMatchObject({ utteranceId: 1, pause: 1, samples: undefined, reason: "silence" });
    const silence = (utterance?.nowMs ?? 0) - (paused?.nowMs ?? 0);
    expect(silence).toBeGreaterThanOrEqual(560);
    expect(silence).toBeLessThanOrEqual(600);
    const spoken = (utterance?.speechEndedAtMs ?? 0) - (utterance?.startedAtMs ?? 0);
    expect(Math.abs(spoken - 1000)).toBeLessThanOrEqual(64);
  });

  test("a shorter wait is obeyed", async () => {
    const call = oneCall();
    const voice = talker();
    await call.frames(100, (i) => {
      call.session.rtp(voice.packet(i < 50 ? loud : quiet), caller);
      if (call.of("paused").length === 1 && call.of("utterance").length === 0) {
        call.session.wait({ kind: "wait", callId: "call", utteranceId: 1, silenceMs: 200, pause: 1 });
      }
    });
    const gap = (call.of("utterance")[0]?.nowMs ?? 0) - (call.of("paused")[0]?.nowMs ?? 0);
    expect(gap).toBeLessThanOrEqual(120);
  });

  test("music on hold is nobody speaking", async () => {
    const call = oneCall(held("recvonly"));
    const music = talker();
    await call.frames(100, () => call.session.rtp(music.packet(loud), caller));
    expect(call.of("speech-started")).toEqual([]);
  });

  test("`silence` ends what is playing and what waits", async () => {
    const call = oneCall();
    say(call, 1, 1000, false);
    say(call, 2, 1000);
    await call.frames(10);
    call.session.silence();
    expect(call.of("play-ended")).toMatchObject([
      { playId: 1, playedMs: 200, completed: false },
      { playId: 2, playedMs: 0, completed: false },
    ]);
    await call.frames(1);
    expect(call.rtp.at(-1)?.payload[0]).toBe(quiet);
  });
});
