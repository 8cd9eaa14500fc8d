import { describe, expect, test } from "bun:test";
import type { NegotiatedDtls } from "../../src/media/messages.ts";
import { answerOffer, makeOffer, type OurSide, readAnswer } from "../../src/media/sdp.ts";
import type { Encryption } from "../../src/media/sdp-security.ts";

const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n";
const digits = (byte: number, bytes = 32) =>
  Buffer.alloc(bytes, byte)
    .toString("hex")
    .toUpperCase()
    .replace(/..(?=.)/g, "$&:");
const sha256 = (byte: number) => ({ hash: "sha256", value: new Uint8Array(32).fill(byte) }) as const;
const fingerprint = `a=fingerprint:sha-256 ${digits(0xcd)}`;

const encryption = (current?: NegotiatedDtls, policy: Encryption["policy"] = "require"): Encryption => ({
  policy,
  dtls: { fingerprint: sha256(0xab), current, tlsIdFor: (theirs) => `ours-with-${theirs}` },
  inUse: current && "dtls",
});
const side = (more = encryption()): OurSide => ({
  ...{ address: "192.0.2.1", port: 40_000, codecs: ["PCMA"], sessionId: 77, version: 3 },
  encryption: more,
});

const offer = (...lines: string[]) =>
  `${head}m=audio 4000 UDP/TLS/RTP/SAVP 8\r\n${lines.map((line) => `${line}\r\n`).join("")}`;

function answered(sdp: string, ours = side()) {
  const result = answerOffer(sdp, ours);
  if (!result.ok) throw new Error(result.reason);
  return { dtls: result.media.dtls, mux: result.media.rtcpMux, lines: result.sdp.split("\r\n") };
}

describe("an offer of DTLS-SRTP", () => {
  test.each([
    ["actpass", "client", "active"],
    ["passive", "client", "active"],
    ["active", "server", "passive"],
    ["ACTPASS", "client", "active"],
  ] as const)("setup:%s makes us the %s", (setup, role, said) => {
    const { dtls, lines } = answered(offer(fingerprint, `a=setup:${setup}`));
    expect(dtls).toEqual({ role, fingerprints: [sha256(0xcd)] });
    expect(lines).toContain(`a=setup:${said}`);
    expect(lines).toContain(`a=fingerprint:sha-256 ${digits(0xab)}`);
    expect(lines.find((line) => line.startsWith("m="))).toBe("m=audio 40000 UDP/TLS/RTP/SAVP 8");
  });

  test("without setup is of an active side (RFC 4145 §4); holdconn leaves nothing to connect", () => {
    expect(answered(offer(fingerprint)).dtls?.role).toBe("server");
    expect(answerOffer(offer(fingerprint, "a=setup:holdconn"), side()).ok).toBe(false);
  });

  test("fingerprint and setup may be the whole session's; the line's own come first", () => {
    const whole = offer().replace("t=0 0\r\n", `t=0 0\r\na=fingerprint:sha-256 ${digits(0x11)}\r\na=setup:passive\r\n`);
    expect(answered(whole).dtls).toMatchObject({ role: "client", fingerprints: [sha256(0x11)] });
    const own = whole.replace("SAVP 8\r\n", `SAVP 8\r\n${fingerprint}\r\na=setup:active\r\n`);
    expect(answered(own).dtls).toMatchObject({ role: "server", fingerprints: [sha256(0xcd)] });
  });

  test.each([
    ["sha-1", 20],
    ["md5", 16],
    ["sha-224", 28],
    ["sha-256", 20],
    ["sha-512", 32],
  ])("%s of %d bytes is no fingerprint", (name, bytes) => {
    const result = answerOffer(offer(`a=fingerprint:${name} ${digits(1, bytes)}`, "a=setup:actpass"), side());
    expect(result).toMatchObject({ ok: false, status: 488, reason: "no certificate by SHA-256 or better is offered" });
  });

  test("of several fingerprints those count that mean something, in any order", () => {
    const weak = `a=fingerprint:sha-1 ${digits(2, 20)}`;
    const long = `a=fingerprint:SHA-384 ${digits(3, 48)}`;
    const expected = [sha256(0xcd), { hash: "sha384", value: new Uint8Array(48).fill(3) }];
    expect(answered(offer(fingerprint, weak, long, "a=setup:actpass")).dtls?.fingerprints).toEqual(expected as never);
    expect(answered(offer(weak, fingerprint, long, "a=setup:actpass")).dtls?.fingerprints).toEqual(expected as never);
  });

  test("tls-id and rtcp-mux are answered where they are offered, and only there", () => {
    const bare = answered(offer(fingerprint, "a=setup:actpass"));
    expect(bare.lines.join()).not.toMatch(/tls-id|rtcp-mux/);
    expect(bare.mux).toBeUndefined();
    const { lines, dtls, mux } = answered(offer(fingerprint, "a=setup:actpass", "a=tls-id:theirs", "a=rtcp-mux"));
    expect(lines).toContain("a=tls-id:ours-with-theirs");
    expect(lines).toContain("a=rtcp-mux");
    expect([dtls?.tlsId, mux]).toEqual(["theirs", true]);
  });

  test("again, with the same certificate, keeps the roles; with another or a new tls-id it does not", () => {
    const current: NegotiatedDtls = { role: "server", fingerprints: [sha256(0xcd)], tlsId: "one" };
    const again = (...lines: string[]) => answered(offer(...lines, "a=setup:actpass"), side(encryption(current)));
    expect(again(fingerprint, "a=tls-id:one").dtls?.role).toBe("server");
    expect(again(fingerprint, "a=tls-id:two").dtls?.role).toBe("client");
    expect(again(`a=fingerprint:sha-256 ${digits(9)}`, "a=tls-id:one").dtls?.role).toBe("client");
  });

  test("of SDES and DTLS the first that is open to the call is taken, before what is plain", () => {
    const sdp =
      `${head}m=audio 4000 RTP/AVP 8\r\nm=audio 4002 RTP/SAVP 8\r\n` +
      `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.alloc(30).toString("base64")}\r\n` +
      `m=audio 4004 UDP/TLS/RTP/SAVP 8\r\n${fingerprint}\r\na=setup:actpass\r\n`;
    const ports = (more: Encryption) =>
      answered(sdp, side(more))
        .lines.filter((line) => line.startsWith("m="))
        .map((line) => line.split(" ")[1]);
    expect(ports(encryption())).toEqual(["0", "0", "40000"]);
    expect(ports({ ...encryption(), keyFor: () => new Uint8Array(30) })).toEqual(["0", "40000", "0"]);
  });
});

describe("our offer of DTLS-SRTP", () => {
  const offered = makeOffer(side());

  test("leaves the role to the other side, and RTCP goes by the port of RTP", () => {
    expect(offered).toContain("UDP/TLS/RTP/SAVP 8");
    for (const line of ["a=setup:actpass", "a=rtcp-mux", `a=fingerprint:sha-256 ${digits(0xab)}`]) {
      expect(offered).toContain(`${line}\r\n`);
    }
  });

  test.each([
    ["active", "server"],
    ["passive", "client"],
  ] as const)("answered with %s makes us the %s", (setup, role) => {
    const read = readAnswer(offer(fingerprint, `a=setup:${setup}`, "a=rtcp-mux"), side());
    expect(read).toMatchObject({ ok: true, media: { rtcpMux: true, dtls: { role, fingerprints: [sha256(0xcd)] } } });
  });

  test.each([["a=setup:actpass"], ["a=setup:holdconn"], [""]])("answered with %p settles nothing", (setup) => {
    expect(readAnswer(offer(fingerprint, setup), side()).ok).toBe(setup === "");
  });

  test("answered without encryption is not taken for more than that", () => {
    expect(readAnswer(`${head}m=audio 4000 RTP/AVP 8\r\n`, side()).ok).toBe(false);
  });

  test("in a call that is encrypted by now is no step back, even where encryption is only preferred", () => {
    const current: NegotiatedDtls = { role: "client", fingerprints: [sha256(0xcd)] };
    expect(makeOffer(side(encryption(undefined, "prefer")))).toContain(" RTP/AVP ");
    expect(makeOffer(side(encryption(current, "prefer")))).toContain(" UDP/TLS/RTP/SAVP ");
  });
});
