import { describe, expect, test } from "bun:test";
import { buildReport, middleOf } from "../../src/media/rtcp.ts";
import { seeded } from "./network.ts";
import { caller, loud, negotiated, oneCall, quiet, say, talker } from "./one-call.ts";

describe("recording", () => {
  test("10 s at 10 % loss: every second whole, both directions as long, aligned, gaps as they were heard", async () => {
    const random = seeded(11);
    const call = oneCall();
    call.session.record(true);
    say(call, 1, 10_000, false);
    const voice = talker();
    const mark = new Uint8Array(160).fill(0x31);
    await call.frames(500, () => {
      if (random() < 0.1) voice.lose();
      else call.session.rtp(voice.packet(mark), caller);
    });
    const chunks = call.of("recorded");
    expect(chunks.map(({ sequence, atMs, caller: c, agent }) => [sequence, atMs, c.length, agent.length])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i, 1000 * i, 8000, 8000]),
    );
    const agent = chunks.flatMap((chunk) => [...chunk.agent]);
    expect(agent.every((byte) => byte === 1)).toBe(true);
    const heard = chunks.flatMap((chunk) => [...chunk.caller]);
    const { received, late, concealedMs } = call.session.stats;
    expect(concealedMs).toBeGreaterThan(20 * 0.05 * 500);
    // A steady sound goes on through a gap, at its level for 10 ms of it and fading after that: never a hole.
    expect(heard.filter((byte) => byte === 0x31).length / 160).toBeGreaterThan(received - late - 3);
    expect(heard.filter((byte) => byte === quiet).length / 160).toBeLessThan(0.5 * (concealedMs / 20));
  });

  test("stopping and closing give what has gathered", async () => {
    const call = oneCall();
    call.session.record(true);
    await call.frames(10);
    call.session.record(false);
    await call.frames(10);
    call.session.record(true);
    await call.frames(5);
    call.session.close();
    expect(call.of("recorded").map(({ sequence, atMs, caller: c }) => [sequence, atMs, c.length])).toEqual([
      [0, 0, 1600],
      [1, 400, 800],
    ]);
  });
});

describe("RTCP", () => {
  test("a sender report about every 5 s, to the port after RTP, and BYE at the end", async () => {
    const call = oneCall();
    const voice = talker();
    await call.frames(1500, (i) => {
      if (i % 10 === 3) voice.lose();
      else call.session.rtp(voice.packet(quiet), caller);
    });
    expect(call.rtcp.length).toBeGreaterThanOrEqual(4);
    expect(call.rtcp.length).toBeLessThanOrEqual(12);
    const [first] = call.rtcp;
    expect(first?.to).toEqual({ address: caller.address, port: 4001 });
    const report = first?.parts[0];
    if (report?.kind !== "sender-report") throw new Error("no sender report");
    expect(report.ssrc).toBe(call.rtp[0]?.ssrc as number);
    expect(report.blocks[0]).toMatchObject({ ssrc: 7 });
    expect(report.blocks[0]?.fractionLost).toBeGreaterThan(15);
    call.session.close();
    expect(call.rtcp.at(-1)?.parts.at(-1)).toEqual({ kind: "bye", ssrcs: [report.ssrc] });
  });

  test("it goes where the SDP says, and then where it came from", async () => {
    const call = oneCall({ ...negotiated, remoteRtcpPort: 4500 });
    await call.frames(500);
    expect(call.rtcp[0]?.to.port).toBe(4500);
    const report = buildReport({ ssrc: 7, cname: "x", info: undefined, block: undefined, leaving: false });
    call.session.rtcp(report, { ...caller, port: 4600 });
    await call.frames(500);
    expect(call.rtcp.at(-1)?.to.port).toBe(4600);
  });

  test("what the peer reports of us is the call's quality: loss, jitter, and the round trip less its own delay", async () => {
    const call = oneCall();
    await call.frames(500);
    const sent = call.rtcp[0]?.parts[0];
    if (sent?.kind !== "sender-report") throw new Error("no sender report");
    const sentAtMs = call.rtcp[0]?.atMs ?? 0;
    const heldMs = call.nowMs - sentAtMs - 80;
    const block = {
      ssrc: sent.ssrc,
      fractionLost: 0,
      cumulativeLost: 12,
      highestSequence: 0,
      jitter: 40,
      lastSenderReport: middleOf(sent.info),
      delaySinceLast: Math.round((heldMs * 65_536) / 1000),
    };
    const report = (fields: Partial<typeof block>) =>
      buildReport({ ssrc: 7, cname: "x", info: undefined, block: { ...block, ...fields }, leaving: false });
    call.session.rtcp(report({ ssrc: 1 }), caller);
    expect(call.session.stats.atPeer).toBeUndefined();
    call.session.rtcp(report({}), caller);
    expect(call.session.stats.atPeer).toMatchObject({ lost: 12, jitterMs: 5 });
    expect(call.session.stats.atPeer?.roundTripMs).toBeCloseTo(80, 1);
    call.session.rtcp(report({ cumulativeLost: 13, lastSenderReport: 1, delaySinceLast: 1 }), caller);
    expect(call.session.stats.atPeer?.lost).toBe(13);
    expect(call.session.stats.atPeer?.roundTripMs).toBeCloseTo(80, 1);
  });

  test("garbage is dropped", () => {
    const call = oneCall();
    call.session.rtcp(Uint8Array.of(0x80, 200, 255, 255), caller);
    expect(call.session.stats.dropped).toEqual({ malformed: 1 });
  });
});

test("200,000 datagrams of noise and mutated RTP throw nothing and leave the call hearing", async () => {
  const random = seeded(99);
  const call = oneCall(negotiated, "echo");
  const seed = talker().packet(loud);
  for (let i = 0; i < 200_000; i++) {
    const datagram = seed.slice(0, random() < 0.3 ? Math.floor(random() * seed.length) : seed.length);
    for (let n = 0; n < 3; n++) datagram[Math.floor(random() * 16)] = Math.floor(random() * 256);
    call.session.rtp(datagram, caller);
    if (random() < 0.1) call.session.rtcp(datagram, caller);
    if (i % 1000 === 0) await call.frames(1);
  }
  await call.frames(50);
  const voice = talker(8, { ssrc: 424_242, sequence: 77 });
  await call.frames(20, () => call.session.rtp(voice.packet(loud), caller));
  expect(call.rtp.at(-1)?.payload).toEqual(loud);
});
