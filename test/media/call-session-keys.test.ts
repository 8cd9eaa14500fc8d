/** Where a call's keys come from, and what happens when they change: DTLS-SRTP (RFC 5764), new keys of SDES, RTCP's port. */
import { describe, expect, test } from "bun:test";
import { createCallProtection } from "../../src/media/call-protection.ts";
import { demultiplex } from "../../src/media/demultiplex.ts";
import { createAssociation } from "../../src/media/dtls/association.ts";
import type { NegotiatedMedia, SrtpKeys } from "../../src/media/messages.ts";
import { createSrtpReceiver, createSrtpSender } from "../../src/media/srtp.ts";
import { masterBytes } from "../../src/media/srtp-suites.ts";
import { callers, type End, ours, strangers } from "./dtls/parties.ts";
import { caller, loud, negotiated, oneCall, talker } from "./one-call.ts";

const us = { address: "192.0.2.1", port: 40_000 };
const suite = "AES_CM_128_HMAC_SHA1_80";
const overDtls = (role: "client" | "server", peer = callers): NegotiatedMedia => ({
  ...negotiated,
  rtcpMux: true,
  dtls: { role, fingerprints: [peer.fingerprint] },
});

type Call = ReturnType<typeof oneCall>;

/** The caller's end of the handshake, at the address of the SDP, over what the call has sent since `from`. */
function callersEnd(call: Call, role: "client" | "server", own: End = callers) {
  const association = createAssociation(role, { identity: own.identity, fingerprints: [ours.fingerprint] }, us);
  let keys: SrtpKeys | undefined;
  let read = call.sent.length;
  const say = (effects: ReturnType<typeof association.receive>) => {
    keys = effects.keys ?? keys;
    for (const { bytes } of effects.send) call.session.dtls("rtp", bytes, caller);
  };
  return {
    get keys() {
      return keys;
    },
    /** @param from the first datagram to hear, of all that were sent. */
    shake(from = read): SrtpKeys | undefined {
      read = from;
      say(association.start(call.nowMs));
      for (; read < call.sent.length; read++) {
        const bytes = call.sent[read]?.bytes ?? new Uint8Array(0);
        if (demultiplex(bytes) === "dtls") say(association.receive(bytes, us, call.nowMs));
      }
      return keys;
    },
  };
}

describe("DTLS-SRTP", () => {
  test.each(["client", "server"] as const)(
    "as %s: nothing leaves and nothing is believed before there are keys",
    async (role) => {
      const call = oneCall(overDtls(role), "echo", ours.identity);
      const voice = talker();
      await call.frames(5, () => call.session.rtp(voice.packet(loud), caller));
      expect(call.sent.filter(({ bytes }) => demultiplex(bytes) !== "dtls")).toEqual([]);
      expect(call.session.stats).toMatchObject({ received: 0, dropped: { "srtp-without-key": 5 }, protection: "none" });

      const keys = callersEnd(call, role === "client" ? "server" : "client").shake(0);
      if (keys === undefined) throw new Error("no keys");
      const theirs = createSrtpSender(keys.suite, keys.sendKey);
      await call.frames(20, () => call.session.rtp(theirs.rtp(voice.packet(loud)), caller));
      expect(call.session.stats).toMatchObject({ received: 20, protection: "dtls" });
      const heard = createSrtpReceiver(keys.suite, keys.receiveKey);
      const sound = call.sent.filter(({ bytes }) => demultiplex(bytes) === "rtp");
      expect(sound.length).toBe(20);
      for (const { bytes } of sound) expect(heard.rtp(bytes)).toHaveProperty("clear");
    },
  );

  test("a prompt waits for the keys: its first word is heard", async () => {
    const call = oneCall(overDtls("client"), "converse", ours.identity);
    const audio = { kind: "encoded", codec: "PCMA", bytes: new Uint8Array(1600) } as const;
    call.session.play({ kind: "play", callId: "call", playId: 1, audio, last: true, interruptible: false });
    await call.frames(50);
    expect(call.of("play-started")).toEqual([]);
    callersEnd(call, "server").shake(0);
    await call.frames(11);
    expect(call.of("play-ended")).toMatchObject([{ playedMs: 200, completed: true }]);
  });

  test("a certificate that the SDP did not promise ends the call", async () => {
    const call = oneCall(overDtls("client"), "echo", ours.identity);
    callersEnd(call, "server", strangers).shake(0);
    expect(call.of("inactive")).toHaveLength(1);
    expect(call.session.stats.dropped).toMatchObject({ "dtls-fingerprint": 1 });
  });

  test("RTCP comes and goes by RTP's port, encrypted, and is a sign of life", async () => {
    const call = oneCall(overDtls("client"), "echo", ours.identity);
    const keys = callersEnd(call, "server").shake(0);
    if (keys === undefined) throw new Error("no keys");
    const theirs = createSrtpSender(keys.suite, keys.sendKey);
    const report = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 7);
    // 24 s with RTCP alone; settings end a call that is silent for 10 s.
    await call.frames(1200, (i) => i % 200 === 0 && call.session.rtcp(theirs.rtcp(report), caller));
    expect(call.of("inactive")).toEqual([]);
    const reports = call.sent.filter(({ bytes }) => demultiplex(bytes) === "rtcp");
    expect(reports.length).toBeGreaterThanOrEqual(3);
    expect(reports.every(({ channel, to }) => channel === "rtp" && to.port === caller.port)).toBe(true);
    const heard = createSrtpReceiver(keys.suite, keys.receiveKey);
    for (const { bytes } of reports) expect(heard.rtcp(bytes)).toHaveProperty("clear");
  });

  test("only the SDP's host begins a handshake; another may after 500 ms of nothing", async () => {
    const call = oneCall(overDtls("server"), "echo", ours.identity);
    const elsewhere = { address: "203.0.113.9", port: 5 };
    const party = { identity: callers.identity, fingerprints: [ours.fingerprint] };
    const hello = createAssociation("client", party, us).start(0).send[0]?.bytes ?? new Uint8Array(0);
    call.session.dtls("rtp", hello, elsewhere);
    expect(call.sent).toEqual([]);
    await call.frames(25);
    call.session.dtls("rtp", hello, elsewhere);
    expect(call.sent.map(({ to }) => to)).toEqual([elsewhere]);
  });

  test("a re-INVITE with the same certificate goes on as it was, wherever it moves to", async () => {
    const call = oneCall(overDtls("client"), "echo", ours.identity);
    const keys = callersEnd(call, "server").shake(0);
    if (keys === undefined) throw new Error("no keys");
    const theirs = createSrtpSender(keys.suite, keys.sendKey);
    const voice = talker();
    await call.frames(10, () => call.session.rtp(theirs.rtp(voice.packet(loud)), caller));
    const before = call.sent.length;
    const moved = { ...caller, port: 4444 };
    call.session.start({ ...overDtls("client"), remote: moved }, "echo");
    await call.frames(10, () => call.session.rtp(theirs.rtp(voice.packet(loud)), moved));
    expect(call.sent.slice(before).filter(({ bytes }) => demultiplex(bytes) === "dtls")).toEqual([]);
    expect(call.session.stats).toMatchObject({ received: 20, dropped: {} });
  });

  test("a new certificate is a new handshake, and until it is through the old keys hold", async () => {
    const call = oneCall(overDtls("client"), "echo", ours.identity);
    const first = callersEnd(call, "server").shake(0);
    if (first === undefined) throw new Error("no keys");
    const before = createSrtpSender(first.suite, first.sendKey);
    const voice = talker();
    await call.frames(10, () => call.session.rtp(before.rtp(voice.packet(loud)), caller));
    const mark = call.sent.length;
    call.session.start(overDtls("client", strangers), "echo");
    await call.frames(5, () => call.session.rtp(before.rtp(voice.packet(loud)), caller));
    const second = callersEnd(call, "server", strangers).shake(mark);
    if (second === undefined) throw new Error("no keys");
    expect(second.sendKey).not.toEqual(first.sendKey);
    const after = createSrtpSender(second.suite, second.sendKey);
    await call.frames(5, () => call.session.rtp(after.rtp(voice.packet(loud)), caller));
    expect(call.session.stats).toMatchObject({ received: 20, lost: 0 });
    const heard = createSrtpReceiver(second.suite, second.receiveKey);
    const last = call.sent.filter(({ bytes }) => demultiplex(bytes) === "rtp").slice(-5);
    for (const { bytes } of last) expect(heard.rtp(bytes)).toHaveProperty("clear");
  });

  test("a hello that overtakes the answer to our offer is not lost", () => {
    const sent: Uint8Array[] = [];
    const protection = createCallProtection({
      identity: ours.identity,
      send: (_channel, datagram) => void sent.push(datagram),
      drop: (reason) => {
        throw new Error(reason);
      },
      failed: () => undefined,
    });
    const party = { identity: callers.identity, fingerprints: [ours.fingerprint] };
    const hello = createAssociation("client", party, us).start(0).send[0]?.bytes ?? new Uint8Array(0);
    protection.dtls("rtp", hello, caller, 0);
    expect(sent).toEqual([]);
    protection.start(overDtls("server"), 200);
    expect(sent).toHaveLength(1);
  });

  test("a call that begins on hold shakes hands once there is an address", async () => {
    const held = { ...overDtls("client"), remote: { address: "0.0.0.0", port: 4000 }, direction: "recvonly" } as const;
    const call = oneCall(held, "echo", ours.identity);
    await call.frames(100);
    expect(call.sent).toEqual([]);
    call.session.start(overDtls("client"), "echo");
    expect(callersEnd(call, "server").shake(0)).toBeDefined();
    await call.frames(10);
    expect(call.session.stats).toMatchObject({ sent: 10, protection: "dtls" });
  });

  test("without our own certificate the call ends, in place of sound in the clear", () => {
    const call = oneCall(overDtls("client"), "echo");
    expect(call.of("inactive")).toHaveLength(1);
    expect(call.sent).toEqual([]);
  });
});

describe("SDES", () => {
  const key = (fill: number) => new Uint8Array(masterBytes(suite)).fill(fill);
  const under = (receive: number): NegotiatedMedia => ({
    ...negotiated,
    srtp: { suite, sendKey: key(1), receiveKey: key(receive) },
  });

  test("a new key of theirs by re-INVITE: not a packet is lost, neither of the old nor of the new", async () => {
    const call = oneCall(under(2), "echo");
    const [before, after] = [createSrtpSender(suite, key(2)), createSrtpSender(suite, key(3))];
    const voice = talker();
    await call.frames(10, () => call.session.rtp(before.rtp(voice.packet(loud)), caller));
    call.session.start(under(3), "echo");
    await call.frames(5, () => call.session.rtp(before.rtp(voice.packet(loud)), caller)); // our answer is on its way
    await call.frames(10, () => call.session.rtp(after.rtp(voice.packet(loud)), caller));
    expect(call.session.stats).toMatchObject({ received: 25, lost: 0, dropped: {} });
  });

  test("the old key is worth nothing once the new one has been in use for some seconds", async () => {
    const call = oneCall(under(2), "echo");
    const [before, after] = [createSrtpSender(suite, key(2)), createSrtpSender(suite, key(3))];
    const voice = talker();
    call.session.start(under(3), "echo");
    await call.frames(200, () => call.session.rtp(after.rtp(voice.packet(loud)), caller));
    call.session.rtp(before.rtp(voice.packet(loud)), caller);
    expect(call.session.stats).toMatchObject({ received: 200, dropped: { "srtp-unauthentic": 1 } });
  });

  test("a new SSRC in mid-call begins at rollover 0, with empty replay window and jitter buffer", async () => {
    const call = oneCall(under(2), "echo");
    const first = createSrtpSender(suite, key(2));
    const voice = talker(8, { sequence: 65_500 });
    await call.frames(50, () => call.session.rtp(first.rtp(voice.packet(loud)), caller)); // rolls over
    const second = createSrtpSender(suite, key(2));
    const other = talker(8, { ssrc: 99, sequence: 65_490 });
    await call.frames(50, () => call.session.rtp(second.rtp(other.packet(loud)), caller)); // rolls over too
    expect(call.session.stats).toMatchObject({ received: 100, lost: 0, dropped: {} });
  });

  test("what was recorded on the way and is sent again is dropped, from wherever it comes, and moves no latch", async () => {
    const call = oneCall(under(2), "echo");
    const theirs = createSrtpSender(suite, key(2));
    const voice = talker();
    const recorded = Array.from({ length: 30 }, () => theirs.rtp(voice.packet(loud)).slice());
    await call.frames(30, (i) => call.session.rtp(recorded[i] ?? new Uint8Array(0), caller));
    const elsewhere = { address: "203.0.113.9", port: 5 };
    await call.frames(30, (i) => call.session.rtp(recorded[i] ?? new Uint8Array(0), elsewhere));
    expect(call.session.stats).toMatchObject({ received: 30, dropped: { "srtp-replayed": 30 } });
    expect(call.rtp.every(({ to }) => to.address === caller.address)).toBe(true);
  });

  test("from plain to SRTP in mid-call: nothing in the clear is believed any more", async () => {
    const call = oneCall(negotiated, "echo");
    const voice = talker();
    await call.frames(5, () => call.session.rtp(voice.packet(loud), caller));
    call.session.start(under(2), "echo");
    call.session.rtp(voice.packet(loud), caller);
    expect(call.session.stats).toMatchObject({ received: 5, dropped: { "srtp-unauthentic": 1 }, protection: "sdes" });
  });
});

test("RTCP by the port of RTP where that was agreed, in the clear too (RFC 5761)", async () => {
  const call = oneCall({ ...negotiated, rtcpMux: true }, "echo");
  await call.frames(250);
  const reports = call.sent.filter(({ bytes }) => demultiplex(bytes) === "rtcp");
  expect(reports.length).toBeGreaterThan(0);
  expect(reports.every(({ channel, to }) => channel === "rtp" && to.port === caller.port)).toBe(true);
});
