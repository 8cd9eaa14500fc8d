import { describe, expect, test } from "bun:test";
import { answerOffer, makeOffer, type OurSide, readAnswer } from "../../src/media/sdp.ts";
import { accepted, offer, ours } from "./offers.ts";

describe("G.722", () => {
  const wide = { ...ours, codecs: ["PCMA", "PCMU", "G722"] as const };

  test("is taken where it is allowed and comes first in the offer, at a clock of 8000 Hz, with or without rtpmap", () => {
    for (const map of [[], ["a=rtpmap:9 G722/8000"], ["a=rtpmap:9 g722/8000/1"]]) {
      const { lines, media } = accepted(offer("m=audio 4000 RTP/AVP 9 8", ...map), wide);
      expect(media.codec).toBe("G722");
      expect(lines).toContain("m=audio 40000 RTP/AVP 9");
      expect(lines).toContain("a=rtpmap:9 G722/8000");
    }
    expect(accepted(offer("m=audio 4000 RTP/AVP 8 9"), wide).media.codec).toBe("PCMA");
  });

  test("at 16000 Hz is not what everybody means by it", () => {
    expect(accepted(offer("m=audio 4000 RTP/AVP 96 8", "a=rtpmap:96 G722/16000"), wide).media.codec).toBe("PCMA");
  });

  test("our offer names it as 9", () => {
    expect(makeOffer(wide)).toContain("m=audio 40000 RTP/AVP 8 0 9 101\r\n");
  });
});

describe("Opus", () => {
  const wide: OurSide = { ...ours, codecs: ["PCMA", "opus"] };
  const maps = [
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1; maxplaybackrate=16000;maxaveragebitrate=20000;stereo=1",
    "a=rtpmap:101 telephone-event/8000",
    "a=rtpmap:110 telephone-event/48000",
  ];

  test("is answered with its own clock, two channels by name, one in truth, and its own telephone-event", () => {
    const { lines, media } = accepted(offer("m=audio 4000 RTP/AVP 111 8 101 110", ...maps), wide);
    expect(lines).toContain("m=audio 40000 RTP/AVP 111 110");
    expect(lines).toContain("a=rtpmap:111 opus/48000/2");
    expect(lines).toContain("a=fmtp:111 maxplaybackrate=16000;sprop-maxcapturerate=16000;stereo=0;useinbandfec=1");
    expect(lines).toContain("a=rtpmap:110 telephone-event/48000");
    expect(media).toMatchObject({
      ...{ codec: "opus", sendPayloadType: 111, receivePayloadType: 111, dtmfPayloadType: 110, dtmfClockHz: 48_000 },
      opus: { inBandFec: true, constantBitrate: false, maxBitrate: 20_000, maxPlaybackHz: 16_000 },
    });
  });

  test("A-law of the same offer goes with the events of 8000 Hz; where there are no others, Opus does too", () => {
    const narrow = accepted(offer("m=audio 4000 RTP/AVP 8 111 101 110", ...maps), wide).media;
    expect([narrow.codec, narrow.dtmfPayloadType, narrow.dtmfClockHz]).toEqual(["PCMA", 101, undefined]);
    const { lines, media } = accepted(offer("m=audio 4000 RTP/AVP 111 101", ...maps.slice(0, 3)), wide);
    expect([media.codec, media.dtmfPayloadType, media.dtmfClockHz]).toEqual(["opus", 101, undefined]);
    expect(lines).toContain("a=rtpmap:101 telephone-event/8000");
  });

  test.each([
    [10, 10],
    [20, 20],
    [30, 20],
    [50, 40],
    [60, 60],
    [120, 60],
  ])("a packet time of %d ms is answered with %d: a packet holds one frame", (asked, answered) => {
    const { lines, media } = accepted(offer("m=audio 4000 RTP/AVP 111", ...maps.slice(0, 1), `a=ptime:${asked}`), wide);
    expect(media.ptimeMs).toBe(answered);
    expect(lines).toContain(`a=ptime:${answered}`);
  });

  test("of another clock is not Opus; terms that make no sense have their defaults", () => {
    const other = ["a=rtpmap:111 opus/16000/1"];
    expect(accepted(offer("m=audio 4000 RTP/AVP 111 8", ...other), wide).media.codec).toBe("PCMA");
    const odd = [
      "a=rtpmap:111 OPUS/48000/2",
      "a=fmtp:111 maxaveragebitrate=-5;maxplaybackrate=1e9;cbr=2;;=;useinbandfec",
    ];
    expect(accepted(offer("m=audio 4000 RTP/AVP 111", ...odd), wide).media.opus).toEqual({
      inBandFec: false,
      constantBitrate: false,
    });
  });

  test("two of us agree on it, with the numbers of each", () => {
    const first: OurSide = { ...wide, codecs: ["opus", "PCMA"] };
    const made = makeOffer(first);
    expect(made).toContain("m=audio 40000 RTP/AVP 96 8 101 102\r\n");
    const answered = answerOffer(made, { ...wide, address: "192.0.2.9" });
    expect(answered.ok && readAnswer(answered.sdp, first)).toMatchObject({
      ok: true,
      media: { codec: "opus", receivePayloadType: 96, dtmfPayloadType: 102, dtmfClockHz: 48_000 },
    });
  });
});
