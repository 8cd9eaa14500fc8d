/** An on-call alert has no call of ours that lends it a trunk. */
import { expect, test } from "bun:test";
import { createLegBench } from "./leg-bench.ts";

test("An alert needs no call: it goes by the trunk that it names, to whom that trunk may call, and to nobody else", async () => {
  const bench = createLegBench({ empty: true });
  const alert = { purpose: "on-call", forCall: "alert-1", trunk: "pbx" } as const;
  await bench.place(alert);
  expect(bench.fresh()).toEqual(["INVITE"]);
  expect(bench.last().text).toStartWith("INVITE sip:201@192.0.2.1 SIP/2.0");
  bench.reply("INVITE", 486);
  expect(bench.fresh()).toEqual(["ACK"]);
  for (const refused of [
    { ...alert, extension: "999" },
    { ...alert, trunk: "another" },
    { ...alert, purpose: "transfer" as const }, // a transfer goes where its call came from
    { purpose: "on-call" as const, forCall: "alert-1" }, // the trunk of the one before is not remembered
  ]) {
    const { news } = await bench.place(refused);
    bench.clock.advance(0);
    expect(news).toEqual(["ended not-allowed"]);
  }
  expect(bench.fresh()).toEqual([]);
});
