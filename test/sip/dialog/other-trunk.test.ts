import { expect, test } from "bun:test";
import { createBench, establish, offer, otherPbx, ourSdp, request } from "../bench.ts";

test("A PBX of another trunk that knows a call's name and tags neither changes nor ends it, nor hears that it is there", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench);
  bench.fresh();
  const methods = ["INVITE", "UPDATE", "INFO", "OPTIONS", "REFER", "NOTIFY", "PRACK", "BYE"];
  for (const [n, method] of methods.entries()) {
    bench.receive(request({ method, cseq: 100 + n, toTag, ...(method === "INVITE" && { body: offer }) }), otherPbx);
  }
  bench.receive(request({ method: "ACK", cseq: 100, toTag }), otherPbx);
  expect(bench.fresh()).toEqual(methods.map(() => 481));
  bench.receive(request({ method: "BYE", cseq: 100, toTag: "no-such-dialog" }), otherPbx);
  expect(bench.fresh()).toEqual([481]);
  expect(bench.calls[0]?.news).toEqual(["acknowledged"]);
  expect(bench.calls[0]?.ended).toEqual([]);
  expect(bench.signalling.status().dropped).toEqual({ "other-trunk": methods.length + 1 });
  // Its own PBX goes on, with numbers that the other has not used up.
  bench.receive(request({ method: "INVITE", cseq: 2, toTag, body: offer }));
  bench.receive(request({ method: "ACK", cseq: 2, toTag }));
  bench.receive(request({ method: "BYE", cseq: 3, toTag }), { address: "192.0.2.77", port: 5060 });
  expect(bench.fresh()).toEqual([200, 200]);
  expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
});
