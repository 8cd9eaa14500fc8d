import { describe, expect, test } from "bun:test";
import { answerOffer, makeOffer, type OurSide, readAnswer } from "../../src/media/sdp.ts";
import { accepted, head, offer, ours } from "./offers.ts";

function reasonOf(sdp: string, side = ours): string {
  const answered = answerOffer(sdp, side);
  if (answered.ok) throw new Error("accepted");
  expect(answered.status).toBe(488);
  return answered.reason;
}

describe("answerOffer", () => {
  test("answers one codec, the first enabled of the offer's order, and telephone-event, with the offer's numbers", () => {
    const { lines, media } = accepted(
      offer(
        "m=audio 4000 RTP/AVP 9 0 8 96",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:96 telephone-event/8000",
        "a=fmtp:96 0-16",
        "a=ptime:30",
      ),
    );
    expect(lines).toEqual([
      "v=0",
      "o=- 77 3 IN IP4 192.0.2.1",
      "s=-",
      "c=IN IP4 192.0.2.1",
      "t=0 0",
      "m=audio 40000 RTP/AVP 0 96",
      "a=rtpmap:0 PCMU/8000",
      "a=rtpmap:96 telephone-event/8000",
      "a=fmtp:96 0-15",
      "a=ptime:30",
      "a=sendrecv",
    ]);
    expect(media).toEqual({
      codec: "PCMU",
      sendPayloadType: 0,
      receivePayloadType: 0,
      dtmfPayloadType: 96,
      ptimeMs: 30,
      remote: { address: "192.0.2.9", port: 4000 },
      direction: "sendrecv",
    });
  });

  test("passes over a codec that is not enabled", () => {
    expect(accepted(offer("m=audio 4000 RTP/AVP 0 8"), { ...ours, codecs: ["PCMA"] }).media.codec).toBe("PCMA");
  });

  test("takes a dynamic number for a known codec, and believes a map over the old table", () => {
    const { media, lines } = accepted(
      offer("m=audio 4000 RTP/AVP 0 97", "a=rtpmap:0 G729/8000", "a=rtpmap:97 pcma/8000/1"),
    );
    expect(media).toMatchObject({ codec: "PCMA", sendPayloadType: 97, receivePayloadType: 97 });
    expect(lines).toContain("a=rtpmap:97 PCMA/8000");
  });

  test("knows neither A-law at 16 kHz nor in stereo, nor telephone-event at 48 kHz", () => {
    const { media } = accepted(
      offer(
        "m=audio 4000 RTP/AVP 97 98 8 99",
        "a=rtpmap:97 PCMA/16000",
        "a=rtpmap:98 PCMU/8000/2",
        "a=rtpmap:99 telephone-event/48000",
      ),
    );
    expect(media.sendPayloadType).toBe(8);
    expect(media.dtmfPayloadType).toBeUndefined();
  });

  test("refuses video and every further line with port 0, in the offer's order", () => {
    const { lines } = accepted(
      offer("m=video 5000 RTP/AVP 31", "m=audio 4000 RTP/AVP 8", "m=audio 4002 RTP/AVP 0", "m=image 6000 udptl t38"),
    );
    expect(lines.filter((line) => line.startsWith("m="))).toEqual([
      "m=video 0 RTP/AVP 31",
      "m=audio 40000 RTP/AVP 8",
      "m=audio 0 RTP/AVP 0",
      "m=image 0 udptl t38",
    ]);
  });

  test("echoes AVPF; takes the plain line where an encrypted one is offered beside it", () => {
    expect(accepted(offer("m=audio 4000 RTP/AVPF 8")).lines).toContain("m=audio 40000 RTP/AVPF 8");
    const { lines, media } = accepted(offer("m=audio 4000 RTP/SAVP 8", "m=audio 4002 RTP/AVP 8"));
    expect(lines.filter((line) => line.startsWith("m="))).toEqual(["m=audio 0 RTP/SAVP 8", "m=audio 40000 RTP/AVP 8"]);
    expect(media.remote.port).toBe(4002);
  });

  test("ignores ICE, bundles and what it does not know", () => {
    const { sdp } = accepted(
      offer(
        "a=group:BUNDLE 0",
        "m=audio 4000 RTP/AVP 8",
        "a=mid:0",
        "a=ice-ufrag:x",
        "a=candidate:1 1 udp 1 192.0.2.9 4000 typ host",
      ),
    );
    expect(sdp).not.toMatch(/ice|candidate|mid|BUNDLE|mux/);
  });

  test.each([
    ["sendrecv", "sendrecv"],
    ["sendonly", "recvonly"],
    ["recvonly", "sendonly"],
    ["inactive", "inactive"],
  ])("mirrors %s as %s", (theirs, mirrored) => {
    const { media, lines } = accepted(offer("m=audio 4000 RTP/AVP 8", `a=${theirs}`));
    expect(media.direction).toBe(mirrored as typeof media.direction);
    expect(lines).toContain(`a=${mirrored}`);
  });

  test("a direction for the whole session holds where the line has none", () => {
    expect(accepted(offer("a=sendonly", "m=audio 4000 RTP/AVP 8")).media.direction).toBe("recvonly");
    expect(accepted(offer("a=sendonly", "m=audio 4000 RTP/AVP 8", "a=sendrecv")).media.direction).toBe("sendrecv");
  });

  test.each([
    ["sendrecv", "recvonly"],
    ["sendonly", "recvonly"],
    ["recvonly", "inactive"],
    ["inactive", "inactive"],
  ])("a connection to 0.0.0.0 is hold: nothing is sent (%s becomes %s)", (theirs, mirrored) => {
    const { media } = accepted(offer("m=audio 4000 RTP/AVP 8", "c=IN IP4 0.0.0.0", `a=${theirs}`));
    expect(media.direction).toBe(mirrored as typeof media.direction);
    expect(media.remote.address).toBe("0.0.0.0");
  });

  test.each([
    [[], 20],
    [["a=ptime:10"], 10],
    [["a=ptime:60"], 60],
    [["a=ptime:5"], 10],
    [["a=ptime:120"], 60],
    [["a=ptime:25"], 20],
    [["a=ptime:0"], 10],
    [["a=maxptime:10"], 10],
    [["a=ptime:40", "a=maxptime:20"], 20],
    [["a=ptime:x"], 20],
  ])("packet time of %j is %d ms", (lines, ptimeMs) => {
    const { media, sdp } = accepted(offer("m=audio 4000 RTP/AVP 8", ...(lines as string[])));
    expect(media.ptimeMs).toBe(ptimeMs as number);
    expect(sdp).toContain(`a=ptime:${ptimeMs}\r\n`);
  });

  test("the line's own connection address wins; RTCP elsewhere is noted; several ports mean the first", () => {
    const { media } = accepted(offer("m=audio 4000/2 RTP/AVP 8", "c=IN IP4 192.0.2.20", "a=rtcp:5005"));
    expect(media.remote).toEqual({ address: "192.0.2.20", port: 4000 });
    expect(media.remoteRtcpPort).toBe(5005);
  });

  test.each(["0", "65536", "96729"])("RTCP for port %s is RTCP for the port after RTP", (port) => {
    const { media } = accepted(offer("m=audio 4000 RTP/AVP 8", `a=rtcp:${port}`));
    expect(media.remoteRtcpPort).toBeUndefined();
  });

  test("IPv6 is answered in IPv6", () => {
    const v6 = { ...ours, address: "2001:db8::1" };
    const { lines, media } = accepted(offer("m=audio 4000 RTP/AVP 8", "c=IN IP6 2001:DB8:0::9"), v6);
    expect(lines).toContain("c=IN IP6 2001:db8::1");
    expect(media.remote.address).toBe("2001:db8::9");
  });

  test("the answer's t= is the offer's (RFC 3264 §6)", () => {
    expect(accepted(offer("m=audio 4000 RTP/AVP 8").replace("t=0 0", "t=2873397496 2873404696")).lines).toContain(
      "t=2873397496 2873404696",
    );
  });

  test.each([
    ["only encrypted media", offer("m=audio 4000 RTP/SAVP 8"), "media transport"],
    ["only DTLS", offer("m=audio 4000 UDP/TLS/RTP/SAVPF 8"), "media transport"],
    ["no codec in common", offer("m=audio 4000 RTP/AVP 18 9"), "no codec"],
    ["no audio", offer("m=video 4000 RTP/AVP 31"), "no audio"],
    ["audio that is switched off", offer("m=audio 0 RTP/AVP 8"), "no audio"],
    ["T.38 alone", offer("m=image 4000 udptl t38"), "no audio"],
    ["a name for an address", offer("m=audio 4000 RTP/AVP 8", "c=IN IP4 pbx.example"), "connection address"],
    ["the other family", offer("m=audio 4000 RTP/AVP 8", "c=IN IP6 ::1"), "connection address"],
    ["multicast", offer("m=audio 4000 RTP/AVP 8", "c=IN IP4 233.252.0.1/127"), "connection address"],
    ["broadcast", offer("m=audio 4000 RTP/AVP 8", "c=IN IP4 255.255.255.255"), "connection address"],
    ["no address", offer("m=audio 4000 RTP/AVP 8").replace("c=IN IP4 192.0.2.9\r\n", ""), "connection address"],
    ["nothing", "", "cannot be read"],
    ["no version", "s=-\r\nm=audio 4000 RTP/AVP 8\r\n", "cannot be read"],
    ["no media", head, "cannot be read"],
    ["a port past 65535", offer("m=audio 70000 RTP/AVP 8"), "cannot be read"],
    ["a line that cannot be mirrored", offer("m=audio 4000 RTP/AVP 8", "m=video x RTP/AVP 31"), "cannot be read"],
    ["64 lines", offer(...Array.from({ length: 64 }, () => "m=audio 4000 RTP/AVP 8")), "cannot be read"],
    ["20 kB", offer("m=audio 4000 RTP/AVP 8", `a=x:${"y".repeat(20_000)}`), "cannot be read"],
  ])("%s gets 488", (_, sdp, reason) => {
    expect(reasonOf(sdp)).toContain(reason);
  });

  test("never throws, and whatever it accepts it answers line for line (20,000 seeded mutations)", () => {
    const seed = offer(
      "m=audio 4000 RTP/AVP 0 8 101",
      "a=rtpmap:101 telephone-event/8000",
      "a=ptime:20",
      "m=video 5000 RTP/AVP 31",
    );
    let state = 12_345;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let i = 0; i < 20_000; i++) {
      let sdp = seed;
      for (let n = random(6); n >= 0; n--) {
        const at = random(sdp.length);
        const what = [
          "",
          String.fromCharCode(random(256)),
          "\r\n",
          "m=",
          sdp.slice(at, at + random(20)),
          "99999999999",
        ][random(6)];
        sdp = sdp.slice(0, at) + what + sdp.slice(at + random(4));
      }
      const answered = answerOffer(sdp, ours);
      if (!answered.ok) continue;
      const asked = sdp.split(/\r\n|\r|\n/).filter((line) => line.startsWith("m=")).length;
      expect(answered.sdp.split("\r\n").filter((line) => line.startsWith("m="))).toHaveLength(asked);
    }
  });
});

describe("makeOffer and readAnswer", () => {
  test("the offer has all codecs in our order and telephone-event", () => {
    expect(makeOffer(ours).split("\r\n")).toEqual([
      "v=0",
      "o=- 77 3 IN IP4 192.0.2.1",
      "s=-",
      "c=IN IP4 192.0.2.1",
      "t=0 0",
      "m=audio 40000 RTP/AVP 8 0 101",
      "a=rtpmap:8 PCMA/8000",
      "a=rtpmap:0 PCMU/8000",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-15",
      "a=ptime:20",
      "a=sendrecv",
      "",
    ]);
  });

  test("two of us agree", () => {
    const theirs: OurSide = { ...ours, address: "192.0.2.9", port: 5000, codecs: ["PCMU"] };
    const answered = answerOffer(makeOffer(ours), theirs);
    expect(answered.ok && readAnswer(answered.sdp, ours)).toMatchObject({
      ok: true,
      media: {
        codec: "PCMU",
        dtmfPayloadType: 101,
        remote: { address: "192.0.2.9", port: 5000 },
        direction: "sendrecv",
      },
    });
  });

  test("numbers may differ: we send with the answer's and receive with our own (RFC 3264 §6.1)", () => {
    const answer = offer("m=audio 4000 RTP/AVP 98 97", "a=rtpmap:98 PCMA/8000", "a=rtpmap:97 telephone-event/8000");
    expect(readAnswer(answer, ours)).toMatchObject({
      ok: true,
      media: { sendPayloadType: 98, receivePayloadType: 8, dtmfPayloadType: 101 },
    });
  });

  test.each([
    ["a refused stream", offer("m=audio 0 RTP/AVP 8")],
    ["a codec that we did not offer", offer("m=audio 4000 RTP/AVP 18")],
    ["no address to reach", offer("m=audio 4000 RTP/AVP 8", "c=IN IP6 ::1")],
    ["rubbish", "rubbish"],
  ])("%s is no conclusion", (_, answer) => {
    expect(readAnswer(answer, ours).ok).toBe(false);
  });
});

describe("SRTP by SDES", () => {
  const theirKey = Buffer.alloc(30, 7).toString("base64");
  const ourKey = (suite: string) => new Uint8Array(suite.startsWith("AEAD_AES_256") ? 44 : 30).fill(9);
  const side = (policy: "prefer" | "require"): OurSide => ({ ...ours, encryption: { policy, keyFor: ourKey } });
  const plain = ["m=audio 4000 RTP/AVP 8"];
  const secure = [
    "m=audio 4002 RTP/SAVP 8",
    `a=crypto:1 UNKNOWN_SUITE inline:${theirKey}`,
    `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${theirKey}|2^20 UNENCRYPTED_SRTP`,
    `a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:${theirKey}|2^31 WSH=64`,
  ];

  test("the answer names the first line that we can follow, by its tag, with a key of our own", () => {
    const { lines, media } = accepted(offer(...secure), side("require"));
    expect(lines).toContain("m=audio 40000 RTP/SAVP 8");
    const mine = Buffer.alloc(30, 9).toString("base64");
    expect(lines.filter((line) => line.startsWith("a=crypto"))).toEqual([
      `a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:${mine}`,
    ]);
    expect(media.srtp).toEqual({
      suite: "AES_CM_128_HMAC_SHA1_32",
      sendKey: new Uint8Array(30).fill(9),
      receiveKey: new Uint8Array(30).fill(7),
    });
  });

  test("preferred: the encrypted one of two lines, the plain one where there is no other", () => {
    const both = accepted(offer(...plain, ...secure), side("prefer"));
    expect(both.lines.filter((line) => line.startsWith("m="))).toEqual([
      "m=audio 0 RTP/AVP 8",
      "m=audio 40000 RTP/SAVP 8",
    ]);
    const { lines, media } = accepted(offer(...plain), side("prefer"));
    expect([media.srtp, lines.some((line) => line.startsWith("a=crypto"))]).toEqual([undefined, false]);
  });

  test("required: plain gets 488; off: encrypted gets it; a key of the wrong length is none", () => {
    expect(reasonOf(offer(...plain), side("require"))).toContain("only SRTP");
    expect(reasonOf(offer(...secure))).toContain("only unencrypted");
    const short = ["m=audio 4002 RTP/SAVP 8", `a=crypto:1 AEAD_AES_256_GCM inline:${theirKey}`];
    expect(reasonOf(offer(...short), side("require"))).toContain("no SRTP suite");
    for (const reason of [reasonOf(offer(...short), side("prefer"))]) expect(reason).not.toContain(theirKey);
  });

  test("our offer has a line for every suite, and its answer settles one", () => {
    const made = makeOffer(side("require"));
    expect(made.match(/a=crypto/g)).toHaveLength(6);
    const answer = offer("m=audio 4002 RTP/SAVP 8", `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${theirKey}`);
    expect(readAnswer(answer, side("require"))).toMatchObject({
      ok: true,
      media: { srtp: { suite: "AES_CM_128_HMAC_SHA1_80" } },
    });
    expect(readAnswer(offer(...plain), side("require")).ok).toBe(false);
    expect(makeOffer(side("prefer"))).not.toContain("a=crypto");
  });
});
