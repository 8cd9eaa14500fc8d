import { expect, test } from "bun:test";
import { createBench, pbx, request } from "../bench.ts";

for (const transport of ["tcp", "tls"] as const) {
  test(`A call says that it came over ${transport}: only over TLS may keys stand in its SDP`, () => {
    const bench = createBench();
    const via = `Via: SIP/2.0/${transport.toUpperCase()} 192.0.2.1:5060;branch=z9hG4bK-${transport}`;
    bench.receive(request({ via, body: "v=0\r\n" }), { ...pbx, transport });
    expect(bench.calls.map(({ call }) => call.transport)).toEqual([transport]);
  });
}
