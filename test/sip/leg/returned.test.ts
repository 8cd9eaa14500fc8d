import { expect, test } from "bun:test";
import { headerOf, offer, otherPbx, ourSdp, request } from "../bench.ts";
import { contact, createLegBench } from "./leg-bench.ts";

type Bench = ReturnType<typeof createLegBench>;

/** A call that the PBX sends us, from somebody else than the caller of the bench. */
function arrives(bench: Bench, from: string, headers: readonly string[] = [], callId = "call-2"): void {
  bench.receive(request({ callId, body: offer, headers }).replace(/^From: .*$/m, `From: ${from};tag=back`));
}

const stranger = "<sip:07700900999@192.0.2.1>";

test.each([
  ["our identity in From", "<sip:gatehouse@192.0.2.1>", []],
  ["in P-Asserted-Identity", stranger, ["P-Asserted-Identity: <sip:gatehouse@192.0.2.1>"]],
  ["in Diversion", stranger, ["Diversion: <sip:201@192.0.2.1>;reason=no-answer, <sip:GATEHOUSE@192.0.2.1>"]],
  ["in History-Info", stranger, ["History-Info: <sip:gatehouse@192.0.2.1>;index=1, <sip:201@192.0.2.1>;index=1.1"]],
  ["the caller's number, as he wrote it", "<sip:07700900123@192.0.2.1>", []],
  ["the caller's number in E.164", stranger, ["P-Asserted-Identity: <tel:+447700900123>"]],
])("%s, while a leg rings: 486, nobody is asked, and the leg has looped", async (_name, from, headers) => {
  const bench = createLegBench();
  const { news } = await bench.place();
  bench.reply("INVITE", 180, [contact]);
  bench.fresh();
  arrives(bench, from, headers);
  expect(bench.fresh()).toEqual(["CANCEL", 486]);
  expect(headerOf(bench.last(), "retry-after")).toBeUndefined();
  expect(bench.calls).toHaveLength(1);
  expect(news).toEqual(["ringing", "ended looped"]);
  expect(bench.signalling.status().dropped).toEqual({ "leg-returned": 1 });
});

test("Before any answer to the leg it is the same; the CANCEL waits", async () => {
  const bench = createLegBench();
  const { news } = await bench.place();
  bench.fresh();
  arrives(bench, "<sip:gatehouse@192.0.2.1>");
  expect(bench.fresh()).toEqual([486]);
  expect(news).toEqual(["ended looped"]);
});

test("Somebody else who calls meanwhile is answered; and without a ringing leg our identity is nobody's business", async () => {
  const bench = createLegBench();
  arrives(bench, "<sip:gatehouse@192.0.2.1>", [], "call-0");
  expect(bench.calls).toHaveLength(2);
  await bench.place();
  bench.reply("INVITE", 180, [contact]);
  arrives(bench, stranger, ["Diversion: <sip:999@192.0.2.1>"]);
  const current = ["History-Info: <sip:02071234567@192.0.2.1>;index=1, <sip:gatehouse@192.0.2.9>;index=1.1"];
  arrives(bench, stranger, current, "call-5"); // its last entry is whom it is for, in every call
  arrives(bench, '"Anonymous" <sip:anonymous@anonymous.invalid>', [], "call-3");
  expect(bench.calls).toHaveLength(5);
  bench.reply("INVITE", 200, [contact], offer);
  arrives(bench, "<sip:07700900123@192.0.2.1>", [], "call-4");
  expect(bench.calls).toHaveLength(6);
});

test("A call by another trunk is no leg of this one's", async () => {
  const bench = createLegBench();
  const { news } = await bench.place();
  const call = request({ callId: "call-2", body: offer, headers: ["P-Asserted-Identity: <sip:gatehouse@192.0.2.1>"] });
  bench.receive(call, otherPbx);
  expect(bench.calls).toHaveLength(2);
  expect(news).toEqual([]);
});

test("A withheld caller is known by nothing but us", async () => {
  const bench = createLegBench({ empty: true });
  bench.receive(request({ body: offer, headers: ["Privacy: id"] }));
  const forCall = bench.calls[0]?.call.id ?? "";
  const { news } = await bench.place({ forCall });
  bench.reply("INVITE", 180, [contact]);
  arrives(bench, "<sip:07700900123@192.0.2.1>");
  expect(bench.calls).toHaveLength(2);
  arrives(bench, "<sip:gatehouse@192.0.2.1>", [], "call-3");
  expect(news).toEqual(["ringing", "ended looped"]);
});

test("Of several that ring, the one whose extension forwarded has looped; where that is not said, the PBX says it", async () => {
  const bench = createLegBench();
  bench.receive(request({ callId: "second", fromTag: "x", body: offer }).replace("07700900123", "07700900555"));
  const [one, two] = [bench.calls[0]?.call.id ?? "", bench.calls[1]?.call.id ?? ""];
  const first = await bench.place({ forCall: one, extension: "201" });
  const second = await bench.place({ forCall: two, extension: "202" });
  arrives(bench, "<sip:gatehouse@192.0.2.1>", [], "back-1");
  expect([...first.news, ...second.news]).toEqual([]);
  expect(bench.fresh().at(-1)).toBe(486);
  arrives(bench, "<sip:gatehouse@192.0.2.1>", ["Diversion: <sip:202@192.0.2.1>"], "back-2");
  expect(first.news).toEqual([]);
  expect(second.news).toEqual(["ended looped"]);
});

test.each(["asterisk", "unknown", "Unavailable", "s"])(
  "Two of whom the PBX knows nothing, both %p, are two",
  async (name) => {
    const bench = createLegBench({ empty: true });
    arrives(bench, `<sip:${name}@192.0.2.1>`, [], "call-1");
    bench.calls[0]?.call.answer(ourSdp);
    const { news } = await bench.place({ forCall: bench.calls[0]?.call.id ?? "" });
    bench.reply("INVITE", 180, [contact]);
    arrives(bench, `<sip:${name}@192.0.2.1>`);
    expect(bench.calls).toHaveLength(2);
    expect(news).toEqual(["ringing"]);
  },
);
