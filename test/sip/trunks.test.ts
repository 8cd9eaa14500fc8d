import { expect, test } from "bun:test";
import type { TrunkSettings } from "../../src/sip/ports.ts";
import { createTrunks } from "../../src/sip/trunks.ts";

const trunk = (name: string, ...peers: string[]): TrunkSettings => ({ name, peers, called: ["request-uri"] });

test("A trunk is known by its peers, the first that has them; everybody else is a stranger", () => {
  const trunks = createTrunks([trunk("a", "192.0.2.1"), trunk("b", "192.0.2.0/24", "2001:db8::/32")]);
  expect(trunks.of({ address: "192.0.2.1", port: 5060 })?.name).toBe("a");
  expect(trunks.of({ address: "192.0.2.2", port: 9 })?.name).toBe("b");
  expect(trunks.of({ address: "2001:db8::7", port: 9, transport: "tcp", connection: 3 })?.name).toBe("b");
  expect(trunks.of({ address: "203.0.113.1", port: 5060 })).toBeUndefined();
  expect(trunks.ofAddress("192.0.2.9", "tcp")).toBeDefined();
  expect(trunks.ofAddress("203.0.113.1", "tcp")).toBeUndefined();
});

test("A registered flow is that address, port and transport, or that connection; nothing beside it", () => {
  const office = trunk("office");
  const trunks = createTrunks([office]);
  const udp = { address: "192.0.2.1", port: 5060 };
  trunks.trust(udp, office);
  expect(trunks.of(udp)?.name).toBe("office");
  expect(trunks.of({ ...udp, port: 5061 })).toBeUndefined();
  expect(trunks.of({ ...udp, transport: "tcp" })).toBeUndefined();
  const tcp = { address: "192.0.2.1", port: 5060, transport: "tcp", connection: 7 } as const;
  trunks.trust(tcp, office);
  expect(trunks.of(tcp)?.name).toBe("office");
  expect(trunks.of({ ...tcp, connection: 8 })).toBeUndefined();
  trunks.distrust({ address: "", port: 0, connection: 7 });
  expect(trunks.of(tcp)).toBeUndefined();
  expect(trunks.ofAddress("192.0.2.1", "tcp")).toBeUndefined(); // it may not connect to us: we connected to it
});

test("A trunk that takes TLS only turns away what its addresses send otherwise, also where a later trunk would take it", () => {
  const office = { name: "office", peers: ["192.0.2.1"], called: ["request-uri"], transports: ["tls"] } as const;
  const trunks = createTrunks([office, { name: "peers", peers: ["192.0.2.0/24"], called: ["request-uri"] }]);
  const from = (address: string, transport?: "tcp" | "tls") =>
    trunks.of({ address, port: 5060, ...(transport && { transport }) })?.name;
  expect([from("192.0.2.1"), from("192.0.2.1", "tcp"), from("192.0.2.1", "tls")]).toEqual([
    undefined,
    undefined,
    "office",
  ]);
  expect(from("192.0.2.2")).toBe("peers");
  expect([trunks.ofAddress("192.0.2.1", "tcp"), trunks.ofAddress("192.0.2.1", "tls")]).toEqual([undefined, office]);
});
