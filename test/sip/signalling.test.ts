import { expect, test } from "bun:test";
import { header } from "../../src/sip/message/message.ts";
import { createBench, establish, headerOf, nothing, offer, ourSdp, ourTag, remains, request } from "./bench.ts";

test("OPTIONS says exactly what is served", () => {
  const bench = createBench();
  bench.receive(request({ method: "OPTIONS" }));
  const { message, status } = bench.last();
  expect(status).toBe(200);
  expect(header(message, "allow")).toBe("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, NOTIFY");
  expect(header(message, "accept")).toBe("application/sdp");
  expect(header(message, "accept-encoding")).toBe("identity");
  expect(header(message, "accept-language")).toBe("en");
  expect(header(message, "supported")).toBe("100rel, timer, replaces");
  expect(header(message, "server")).toBeUndefined();
});

test("What is not served is refused by name", () => {
  const bench = createBench();
  const refused = (parts: Parameters<typeof request>[0]) => {
    bench.receive(request({ callId: crypto.randomUUID(), ...parts }));
    return bench.last().status;
  };
  expect(refused({ method: "REGISTER" })).toBe(405);
  expect(headerOf(bench.last(), "allow")).toContain("INVITE");
  expect(refused({ method: "PUBLISH" })).toBe(405);
  expect(refused({ method: "FROBNICATE" })).toBe(501);
  expect(refused({ method: "REFER" })).toBe(603);
  expect(refused({ uri: "gopher:x" })).toBe(416);
  expect(refused({ uri: "sips:x@192.0.2.9" })).toBe(416);
  expect(refused({ headers: ["Require: 100rel, tdialog, precondition"], body: offer })).toBe(420);
  expect(headerOf(bench.last(), "unsupported")).toBe("tdialog, precondition");
  expect(refused({ body: "x", type: "application/isup" })).toBe(415);
  expect(headerOf(bench.last(), "accept")).toBe("application/sdp");
  expect(refused({ body: offer, headers: ["Content-Encoding: gzip"] })).toBe(415);
  expect(refused({ body: offer, headers: ["Accept: text/plain"] })).toBe(406);
  expect(refused({ body: offer, contact: undefined })).toBe(400);
  expect(refused({ body: offer, contact: "<sip:a@192.0.2.1>, <sip:b@192.0.2.1>" })).toBe(400);
  expect(refused({ body: offer, contact: "<mailto:a@192.0.2.1>" })).toBe(400);
  expect(refused({ method: "BYE" })).toBe(481);
  expect(bench.calls).toHaveLength(0);
  expect(bench.failures).toEqual([]);
  expect(remains(bench)).toEqual(nothing);
});

test("A body that may be ignored is, and SDP is found within multipart", () => {
  const bench = createBench();
  bench.receive(
    request({ body: "x", type: "application/isup", headers: ["Content-Disposition: signal;handling=optional"] }),
  );
  expect(bench.calls[0]?.call.offer).toBeUndefined();
  const parts = `--b1\r\nContent-Type: application/isup\r\n\r\nxx\r\n--b1\r\nc: application/sdp\r\n\r\n${offer}\r\n--b1--\r\n`;
  bench.receive(request({ callId: "call-2", body: parts, type: 'multipart/mixed;boundary="b1"' }));
  expect(bench.calls[1]?.call.offer).toBe(offer);
});

test("The same request over another way is merged: 482, and the first goes on", () => {
  const bench = createBench();
  bench.receive(request({ body: offer, branch: "z9hG4bK-one" }));
  bench.receive(request({ body: offer, branch: "z9hG4bK-two" }));
  expect(bench.fresh()).toEqual([100, 482]);
  expect(bench.calls).toHaveLength(1);
  expect(bench.calls[0]?.ended).toEqual([]);
});

test("Max-Forwards 0 has reached its endpoint and is served (RFC 4475 §3.3.11)", () => {
  const bench = createBench();
  bench.receive(request({ method: "OPTIONS" }).replace("Max-Forwards: 70", "Max-Forwards: 0"));
  expect(bench.last().status).toBe(200);
});

test("Full is 486 without Retry-After, at once; live calls notice nothing", () => {
  let full = false;
  const bench = createBench({
    admit: () => (full ? { ok: false, status: 486, reason: "Busy Here" } : { ok: true }),
  });
  const toTag = establish(bench);
  full = true;
  bench.receive(request({ callId: "call-2", body: offer, branch: "z9hG4bK-full" }));
  expect(bench.fresh()).toEqual([486]);
  expect(headerOf(bench.last(), "retry-after")).toBeUndefined();
  const theirs = ourTag(bench);
  bench.clock.advance(3_500);
  expect(bench.fresh()).toEqual([486, 486, 486]); // timer G: 0.5, 1.5, 3.5 s
  bench.receive(request({ method: "ACK", callId: "call-2", branch: "z9hG4bK-full", toTag: theirs }));
  bench.clock.advance(60_000);
  expect(bench.fresh()).toEqual([]);
  bench.receive(request({ method: "BYE", cseq: 2, toTag }));
  expect(bench.calls[0]?.news).toEqual(["acknowledged", "ended caller-hung-up"]);
  expect(remains(bench)).toEqual(nothing);
});

test("Draining refuses new calls with 503 and Retry-After; running ones go on", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench);
  bench.signalling.drain();
  bench.receive(request({ callId: "call-2", body: offer }));
  expect(bench.fresh()).toEqual([503]);
  expect(headerOf(bench.last(), "retry-after")).toBe("10");
  bench.receive(request({ method: "OPTIONS", callId: "call-3" }));
  bench.receive(request({ cseq: 2, toTag, body: offer }));
  expect(bench.fresh()).toEqual([503, 200]);
});

test("Going down hangs up every call: 503 before the answer, BYE after it", () => {
  const bench = createBench();
  establish(bench);
  bench.receive(request({ callId: "call-2", body: offer }));
  bench.fresh();
  bench.signalling.hangUpAll();
  expect(bench.fresh().sort()).toEqual([503, "BYE"]);
  expect(bench.calls.map(({ ended }) => ended)).toEqual([["shutdown"], ["shutdown"]]);
  bench.signalling.stop();
  expect(bench.signalling.status()).toMatchObject(nothing);
  expect(bench.clock.waiting()).toBe(0);
});

test("Strangers are dropped before anything is read; what else is dropped is counted by reason", () => {
  const bench = createBench();
  bench.receive(request({ method: "OPTIONS" }), { address: "203.0.113.9", port: 5060 });
  bench.receive("\r\n\r\n");
  bench.receive("\x00\x01\x02");
  bench.receive("x".repeat(16_385));
  bench.receive(
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n\r\n",
  );
  expect(bench.fresh()).toEqual([]);
  expect(bench.signalling.status().dropped).toEqual({
    "not-a-peer": 1,
    "malformed-unended": 1,
    "too-large": 1,
    "stray-response": 1,
  });
});

test("A malformed request that can be answered gets 400, keeps nothing, and never reaches a call", () => {
  const bench = createBench();
  bench.receive(request({ body: offer }).replace("Max-Forwards: 70", "Max-Forwards: 999"));
  expect(bench.last().text.startsWith("SIP/2.0 400 Bad Request\r\n")).toBe(true);
  expect(bench.calls).toHaveLength(0);
  expect(bench.signalling.status()).toMatchObject({ ...nothing, dropped: { "malformed-max-forwards": 1 } });
  bench.fresh();
  bench.receive(request({ method: "ACK" }).replace("Max-Forwards: 70", "Max-Forwards: 999"));
  expect(bench.fresh()).toEqual([]);
});

test("A peer of RFC 2543 without branch, tag and Contact is served", () => {
  const bench = createBench({ onCall: ({ call }) => call.answer(ourSdp) });
  const via = "Via: SIP/2.0/UDP 192.0.2.1:5060";
  const strip = (text: string) => text.replace(";tag=theirs", "");
  bench.receive(strip(request({ via, contact: undefined, body: offer })));
  const toTag = ourTag(bench);
  bench.receive(strip(request({ via, contact: undefined, method: "ACK", toTag })));
  expect(bench.calls[0]?.news).toEqual(["acknowledged"]);
  bench.receive(strip(request({ via, contact: undefined, method: "BYE", cseq: 2, toTag })));
  expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
  expect(remains(bench)).toEqual(nothing);
});

test("A bug in who admits or who owns a call is reported, answered, and leaves nothing behind", () => {
  const throwing = () => {
    throw new Error("bug");
  };
  const refusing = createBench({ admit: throwing });
  refusing.receive(request({ body: offer }));
  expect(refusing.fresh()).toEqual([500]);
  expect(refusing.signalling.status().dropped).toEqual({ "internal-error": 1 });
  expect(remains(refusing)).toEqual(nothing);

  const bench = createBench({ handlers: { acknowledged: throwing, reoffered: throwing, ended: throwing } });
  const toTag = establish(bench);
  bench.receive(request({ method: "UPDATE", cseq: 2, toTag, body: offer }));
  bench.receive(request({ method: "BYE", cseq: 3, toTag }));
  expect(bench.fresh()).toEqual([488, 200]);
  expect(bench.failures).toHaveLength(3);
  expect(remains(bench)).toEqual(nothing);
});

test("What a call was is said once, when nothing of it remains, without anything of the caller", () => {
  const bench = createBench();
  const toTag = establish(bench);
  bench.clock.advance(61_000);
  bench.receive(request({ method: "BYE", cseq: 2, toTag }));
  bench.receive(request({ callId: "call-2", body: offer, branch: "z9hG4bK-two" }));
  bench.clock.advance(2_500);
  bench.receive(request({ callId: "call-2", method: "CANCEL", branch: "z9hG4bK-two" }));
  const { ends, calls } = bench;
  expect(ends).toEqual([
    {
      callId: calls[0]?.call.id ?? "",
      peer: "192.0.2.1",
      reason: "caller-hung-up",
      acknowledged: true,
      setupMs: 0,
      talkMs: 61_000,
    },
    {
      callId: calls[1]?.call.id ?? "",
      peer: "192.0.2.1",
      reason: "cancelled",
      acknowledged: false,
      setupMs: 2_500,
      talkMs: 0,
    },
  ]);
});

test("Drained, and back again", () => {
  const bench = createBench();
  bench.signalling.drain();
  bench.receive(request({ body: offer }));
  bench.receive(request({ method: "OPTIONS", callId: "call-2" }));
  expect(bench.fresh()).toEqual([503, 503]);
  expect(bench.signalling.draining()).toBe(true);
  bench.signalling.resume();
  bench.receive(request({ callId: "call-3", body: offer }));
  bench.receive(request({ method: "OPTIONS", callId: "call-4" }));
  expect(bench.fresh()).toEqual([100, 200]);
  expect(bench.signalling.draining()).toBe(false);
});
