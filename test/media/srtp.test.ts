/** SRTP: the RFCs' own vectors, and what an attacker or a bad network does to a stream. */
import { describe, expect, test } from "bun:test";
import type { SrtpSuite } from "../../src/media/messages.ts";
import { buildReport } from "../../src/media/rtcp.ts";
import { writeRtp } from "../../src/media/rtp.ts";
import { createSrtpReceiver, createSrtpSender } from "../../src/media/srtp.ts";
import { createSrtpCipher } from "../../src/media/srtp-cipher.ts";
import { deriveKeys, isSrtpSuite, masterBytes, srtpSuites } from "../../src/media/srtp-suites.ts";
import { caller, loud, negotiated, oneCall, talker } from "./one-call.ts";

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const toHex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");
const suites = Object.keys(srtpSuites).filter(isSrtpSuite);
const masterOf = (suite: SrtpSuite) => Uint8Array.from({ length: masterBytes(suite) }, (_, i) => 3 * i + 1);

describe("vectors", () => {
  test("RFC 3711 B.3: session keys of AES-CM 128", () => {
    const master = hex("E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6");
    const { key, salt, authentication } = deriveKeys("AES_CM_128_HMAC_SHA1_80", master, "rtp");
    expect(toHex(key)).toBe("c61e7a93744f39ee10734afe3ff7a087");
    expect(toHex(salt)).toBe("30cbbc08863d8c85d49db34a9ae1");
    expect(toHex(authentication)).toBe("cebe321f6ff7716b6fd4ab49af256a156d38baa4");
  });

  test("RFC 6188 7.4: session keys of AES-CM 256", () => {
    const key = "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6";
    const keys = deriveKeys("AES_256_CM_HMAC_SHA1_80", hex(`${key}3b04803de51ee7c96423ab5b78d2`), "rtp");
    expect(toHex(keys.key)).toBe("5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4");
    expect(toHex(keys.salt)).toBe("fa31791685ca444a9e07c6c64e93");
    expect(toHex(keys.authentication)).toBe("fd9c32d39ed5fbb5a9dc96b30818454d1313dc05");
  });

  test("a packet of AES_CM_128_HMAC_SHA1_80 as libsrtp makes it", () => {
    const master = hex("e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6");
    const clear = hex("800f1234decafbadcafebabe abababababababababababababababab");
    const sealed = hex("800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb");
    expect(toHex(createSrtpSender("AES_CM_128_HMAC_SHA1_80", master).rtp(clear))).toBe(toHex(sealed));
    expect(createSrtpReceiver("AES_CM_128_HMAC_SHA1_80", master).rtp(sealed)).toEqual({ clear });
  });

  const salt = hex("517569642070726f2071756f");
  const packet = hex(`8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465
    73207472 6573`);

  test.each([
    [
      "AEAD_AES_128_GCM",
      16,
      `f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf
       765ee439 0cce`,
    ],
    [
      "AEAD_AES_256_GCM",
      32,
      `32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b7aa3 db36dfff d6b0f9bb
       7878d7a7 6c13`,
    ],
  ] as const)("RFC 7714 16: a packet of %s", (suite, keyBytes, result) => {
    const key = Uint8Array.from({ length: keyBytes }, (_, i) => i);
    const cipher = createSrtpCipher(suite, { key, salt, authentication: new Uint8Array(0) }, "rtp");
    const sealed = cipher.seal(packet, 12, 0x5501a0b2, 0xf17b);
    expect(toHex(sealed)).toBe(toHex(hex(`8040f17b 8041f8d3 5501a0b2 ${result}`)));
    expect(cipher.open(sealed, 12, 0x5501a0b2, 0xf17b)).toEqual(packet);
  });
});

function packetOf(sequence: number, ssrc = 7): Uint8Array {
  const payload = new Uint8Array(160).fill(sequence & 0xff);
  const fields = {
    marker: false,
    payloadType: 8,
    sequence: sequence & 0xffff,
    timestamp: 160 * sequence,
    ssrc,
    payload,
  };
  return writeRtp(fields, new Uint8Array(172));
}

describe.each(suites)("%s", (suite) => {
  const pair = () => {
    const [sender, receiver] = [createSrtpSender(suite, masterOf(suite)), createSrtpReceiver(suite, masterOf(suite))];
    return { sender, receiver, sealed: (sequence: number, ssrc?: number) => sender.rtp(packetOf(sequence, ssrc)) };
  };

  test("what is sealed is opened: RTP over two rollovers, RTCP, and neither travels readable", () => {
    const { sender, receiver } = pair();
    for (let n = 65_530; n < 65_536 * 3; n += 4099) {
      const clear = packetOf(n);
      const sealed = sender.rtp(clear);
      expect(sealed.length).toBe(172 + srtpSuites[suite].tagBytes);
      expect(toHex(sealed)).not.toContain(toHex(clear.subarray(20, 40)));
      expect(receiver.rtp(sealed)).toEqual({ clear });
    }
    for (let n = 0; n < 3; n++) {
      const clear = buildReport({ ssrc: 7, cname: "someone", info: undefined, block: undefined, leaving: n === 2 });
      const sealed = sender.rtcp(clear);
      expect(toHex(sealed)).not.toContain(toHex(new TextEncoder().encode("someone")));
      expect(receiver.rtcp(sealed)).toEqual({ clear });
      expect(receiver.rtcp(sealed)).toEqual({ dropped: "srtp-replayed" });
    }
  });

  test("any changed bit, another key and a cut packet are refused, and change nothing", () => {
    const { sender, receiver, sealed } = pair();
    const good = sealed(5);
    for (let bit = 16; bit < 8 * good.length; bit += 7) {
      const bad = good.slice();
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(receiver.rtp(bad)).toMatchObject({ dropped: expect.stringMatching(/unauthentic|malformed/) });
    }
    for (let length = 0; length < good.length; length++)
      expect("dropped" in receiver.rtp(good.slice(0, length))).toBe(true);
    const report = sender.rtcp(buildReport({ ssrc: 7, cname: "x", info: undefined, block: undefined, leaving: false }));
    for (let length = 0; length < report.length; length++) {
      expect("dropped" in receiver.rtcp(report.slice(0, length))).toBe(true);
    }
    const foreign = createSrtpSender(suite, masterOf(suite).fill(1)).rtp(packetOf(6));
    expect(receiver.rtp(foreign)).toEqual({ dropped: "srtp-unauthentic" });
    expect(receiver.rtp(good)).toEqual({ clear: packetOf(5) });
  });

  test("a replay is refused; what is 127 packets late is taken once, what is 128 late is not", () => {
    const { receiver, sealed } = pair();
    const all = Array.from({ length: 200 }, (_, i) => sealed(65_500 + i));
    const at = (i: number) => receiver.rtp(all[i] ?? new Uint8Array(0));
    expect(at(0)).toHaveProperty("clear");
    expect(at(199)).toHaveProperty("clear");
    expect(at(199)).toEqual({ dropped: "srtp-replayed" });
    expect(at(72)).toHaveProperty("clear");
    expect(at(72)).toEqual({ dropped: "srtp-replayed" });
    expect(at(71)).toEqual({ dropped: "srtp-replayed" });
  });

  test("another SSRC begins at rollover 0 with a window of its own, as Asterisk's unannounced change wants it", () => {
    const { receiver, sealed } = pair();
    for (const n of [65_534, 65_535, 65_536]) expect(receiver.rtp(sealed(n))).toHaveProperty("clear");
    const other = createSrtpSender(suite, masterOf(suite));
    expect(receiver.rtp(other.rtp(packetOf(40_000, 8)))).toHaveProperty("clear");
    expect(receiver.rtp(sealed(65_537))).toHaveProperty("clear");
  });
});

describe("a call", () => {
  const suite = "AES_CM_128_HMAC_SHA1_80";
  const [sendKey, receiveKey] = [masterOf(suite), masterOf(suite).reverse()];
  const encrypted = { ...negotiated, srtp: { suite, sendKey, receiveKey } } as const;

  test("sends and takes nothing but SRTP; plain RTP moves no latch", async () => {
    const call = oneCall(encrypted, "echo");
    const voice = talker();
    const theirs = createSrtpSender(suite, receiveKey);
    call.session.rtp(talker().packet(loud), { ...caller, port: 4999 });
    expect(call.session.stats).toMatchObject({ received: 0, dropped: { "srtp-unauthentic": 1 } });
    await call.frames(20, () => call.session.rtp(theirs.rtp(voice.packet(loud)), caller));
    expect(call.session.stats.received).toBe(20);
    expect(call.rtp.every(({ payload, to }) => payload.length === 160 + 10 && to.port === caller.port)).toBe(true);
  });

  test("goes on with its counters after a re-INVITE with the same keys", async () => {
    const call = oneCall(encrypted, "echo");
    const voice = talker(8, { sequence: 65_530 });
    const theirs = createSrtpSender(suite, receiveKey);
    await call.frames(10, () => call.session.rtp(theirs.rtp(voice.packet(loud)), caller));
    call.session.start({ ...encrypted, direction: "sendrecv" }, "echo");
    await call.frames(10, () => call.session.rtp(theirs.rtp(voice.packet(loud)), caller));
    expect(call.session.stats).toMatchObject({ received: 20, dropped: {} });
  });
});
