import { expect, test } from "bun:test";
import { createBench, offer, ourSdp, ourTag, pbx, request } from "../bench.ts";

for (const transport of ["tcp", "tls"] as const) {
  test(`A call says that it came over ${transport}: only over TLS may keys stand in its SDP`, () => {
    const bench = createBench();
    const via = `Via: SIP/2.0/${transport.toUpperCase()} 192.0.2.1:5060;branch=z9hG4bK-${transport}`;
    bench.receive(request({ via, body: "v=0\r\n" }), { ...pbx, transport });
    expect(bench.calls.map(({ call }) => call.transport)).toEqual([transport]);
  });
}

test.each([
  "<sip:pbx@192.0.2.1:5060;transport=udp>",
  "<sip:pbx@192.0.2.40:5070>",
  "<sip:pbx@192.0.2.40;transport=tcp>",
])("Whatever Contact says, a refresh of a call by TLS, keys and all, goes by its connection: %s", (contact) => {
  const bench = createBench();
  const tls = { ...pbx, port: 40_100, transport: "tls", connection: 7 } as const;
  const headers = ["Supported: timer", "Session-Expires: 90;refresher=uas"];
  bench.receive(request({ body: offer, contact: `Contact: ${contact}`, headers }), tls);
  bench.calls[0]?.call.answer(ourSdp);
  bench.receive(request({ method: "ACK", toTag: ourTag(bench) }), tls);
  bench.clock.advance(45_000);
  expect(bench.last().method).toBe("INVITE");
  expect(bench.last().to).toEqual(tls);
  bench.calls[0]?.call.hangUp();
  expect(bench.last().method).toBe("BYE");
  expect(bench.last().to).toEqual(tls);
});
