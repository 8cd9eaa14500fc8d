import { expect, test } from "bun:test";
import { summariseSdp } from "../../../src/sip/ladder/sdp-summary.ts";

const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";

test.each([
  [
    "static payloads, both ways by default",
    `${head}c=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0 8\r\n`,
    { codecs: ["PCMU", "PCMA"], dtmf: false, direction: "sendrecv" },
  ],
  [
    "held the old way",
    `${head}c=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 8\r\n`,
    { codecs: ["PCMA"], dtmf: false, direction: "inactive" },
  ],
  [
    "said for the session",
    `${head}a=sendonly\r\nm=audio 4000 RTP/AVP 8\r\n`,
    { codecs: ["PCMA"], dtmf: false, direction: "sendonly" },
  ],
  [
    "sound after video, keys by DTLS, names that could be anybody's",
    `${head}a=fingerprint:sha-256 AB:CD\r\nm=video 1 RTP/AVP 8\r\na=ptime:60\r\nm=audio 4000 UDP/TLS/RTP/SAVP 96 97\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:97 Wilhelmina/8000\r\na=recvonly\r\nm=audio 5 RTP/AVP 0\r\na=ptime:40\r\n`,
    { codecs: ["opus", "other"], dtmf: false, direction: "recvonly", srtp: ["DTLS"] },
  ],
] as const)("%s", (_what, sdp, expected) => {
  expect(summariseSdp(sdp) as object).toEqual(expected);
});

test("no sound, no summary; nonsense throws nothing", () => {
  expect(summariseSdp(`${head}m=video 1 RTP/AVP 8\r\n`)).toBeUndefined();
  for (const odd of [
    "",
    "m=audio ",
    "m=audio 1",
    "a=ptime:999999\r\nm=audio 1 x 8\r\na=rtpmap:8 \r\n",
    "\r\n".repeat(9_000),
  ])
    expect(() => summariseSdp(odd)).not.toThrow();
});
