import { expect, test } from "bun:test";
import { createAllowList, isAllowed } from "../../../src/sip/leg/allow-list.ts";
import { beginLeg, identityOf } from "../../../src/sip/leg/begin.ts";
import { offer } from "../bench.ts";
import { createLegBench, settled, usual, usualWay } from "./leg-bench.ts";

test("An extension is allowed byte by byte, on its own trunk only", () => {
  const list = createAllowList([usual, { ...usual, trunk: "other", extensions: ["300"] }]);
  expect(list.find("pbx", "201")).toEqual({ trunk: "pbx", extension: "201" });
  for (const wanted of ["20", "2011", "0201", " 201", "201 ", "２01", "201;ext=1", "201@x", "201%00", "%3201", ""]) {
    expect(list.find("pbx", wanted)).toBeUndefined();
  }
  expect(list.find("pbx", "300")).toBeUndefined();
  expect(list.find("nowhere", "201")).toBeUndefined();
});

test("A list with what is no extension is refused, whoever made it", () => {
  for (const extension of ["", "2 1", "201@192.0.2.66", "201\r\nX: y", "201;phone", "a".repeat(33), "é"]) {
    expect(() => createAllowList([{ ...usual, extensions: [extension] }])).toThrow(RangeError);
    expect(() => createAllowList([{ ...usual, identity: extension }])).toThrow(RangeError);
  }
});

test("A target that the list has not made begins nothing, even one that looks the same", () => {
  const real = createAllowList([usual]).find("pbx", "201");
  if (real === undefined) throw new Error("201 is allowed");
  expect(isAllowed(real)).toBe(true);
  const copy = { ...real };
  expect(isAllowed(copy)).toBe(false);
  const local = { address: "192.0.2.9", port: 5060 };
  const who = identityOf(copy, "gatehouse", usualWay, { callId: "c", localTag: "t", local });
  const parts = { local, branch: "z9hG4bK1", cseq: 1, offer, auth: undefined, session: [], userAgent: undefined };
  expect(() => beginLeg(copy, usualWay, who, parts)).toThrow("nobody whom the allow-list has");
  expect(Object.isFrozen(real)).toBe(true);
});

test("What is not allowed is told once placeLeg has returned, and no byte is sent for it", async () => {
  const bench = createLegBench();
  const refused = [
    { extension: "999" },
    { extension: "201\r\nRoute: <sip:203.0.113.66;lr>" },
    { forCall: "no-such-call" },
  ];
  for (const request of refused) {
    const { leg, news } = await bench.place(request);
    leg.hangUp();
    bench.clock.advance(0);
    leg.hangUp();
    expect(news).toEqual(["ended not-allowed"]);
  }
  expect(bench.fresh()).toEqual([]);
  expect(bench.summaries.map(({ end }) => end)).toEqual(["not-allowed", "not-allowed", "not-allowed"]);
  expect(bench.signalling.status().legs).toBe(0);
});

test("One leg a call at a time, so many at once, so many a minute, none for a call that is over", async () => {
  const bench = createLegBench({ legLimits: { maxLegs: 4, perMinute: 3 } });
  const ends = async () => {
    const { leg, news } = await bench.place();
    bench.clock.advance(0);
    return { leg, news };
  };
  const first = await ends();
  expect((await ends()).news).toEqual(["ended not-allowed"]);
  first.leg.hangUp();
  for (const expected of [[], []]) {
    const { leg, news } = await ends();
    expect(news).toEqual(expected);
    leg.hangUp();
  }
  expect((await ends()).news).toEqual(["ended not-allowed"]);
  bench.clock.advance(20_000); // a third of a minute: one more
  const later = await ends();
  expect(later.news).toEqual([]);
  later.leg.hangUp();
  bench.clock.advance(60_000);
  bench.calls[0]?.call.hangUp();
  expect((await ends()).news).toEqual(["ended not-allowed"]);

  const full = createLegBench({ legLimits: { maxLegs: 0, perMinute: 60 } });
  const { news } = await full.place();
  full.clock.advance(0);
  expect(news).toEqual(["ended not-allowed"]);
  await settled();
});

test("Extensions with characters that a URI escapes are escaped, and so is nothing else", async () => {
  const bench = createLegBench();
  const hash = await bench.place({ extension: "9#" });
  expect(bench.last().text).toStartWith("INVITE sip:9%23@192.0.2.1 SIP/2.0\r\n");
  hash.leg.hangUp();
  await bench.place({ extension: "*43" });
  expect(bench.last().text).toStartWith("INVITE sip:*43@192.0.2.1 SIP/2.0\r\n");
});
