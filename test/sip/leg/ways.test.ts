import { expect, test } from "bun:test";
import type { Endpoint } from "../../../src/sip/endpoint.ts";
import { createWays } from "../../../src/sip/leg/ways.ts";
import type { OutboundSettings } from "../../../src/sip/leg-ports.ts";
import type { Registrar, RegistrationSettings, TrunkSettings } from "../../../src/sip/ports.ts";

const trunk: TrunkSettings = { name: "office", peers: [], called: ["to"] };
const settings: OutboundSettings = { trunk: "office", extensions: ["201"], identity: "1000" };
const registration: RegistrationSettings = {
  trunk,
  registrars: [{ transport: "udp", host: "pbx.test", port: 0, tls: undefined }],
  extension: "1000",
  domain: "pbx.test",
  realm: "asterisk",
  authId: "auth-7",
  password: "secret",
  expiresSeconds: 300,
};

function bench(pbx?: OutboundSettings["pbx"], registeredBy?: Endpoint) {
  const opened: Registrar[] = [];
  const [trusted, distrusted]: [Endpoint[], Endpoint[]] = [[], []];
  let [broken, connection] = [false, 0];
  const ways = createWays({
    settings: [pbx === undefined ? settings : { ...settings, pbx }],
    trunks: [trunk],
    registered: (name) =>
      name === "office" && registeredBy ? { flow: registeredBy, settings: registration } : undefined,
    async openFlow(place) {
      opened.push(place);
      if (broken) throw new Error("refused");
      const { transport, host, port } = place;
      if (transport === "udp") return { address: host, port: port || 5060 };
      connection += 1;
      return { address: host, port: port || 5060, transport, connection };
    },
    trust: (flow) => void trusted.push(flow),
    distrust: (flow) => void distrusted.push(flow),
    avoid: () => undefined,
  });
  return {
    ways,
    opened,
    trusted,
    distrusted,
    break(is: boolean) {
      broken = is;
    },
  };
}

test("A registered trunk's legs go by its flow, to its domain, with its password", async () => {
  const flow: Endpoint = { address: "192.0.2.1", port: 5060, transport: "tcp", connection: 3 };
  const { ways, opened } = bench(undefined, flow);
  expect(await ways.open("office")).toEqual({
    flow,
    domain: "pbx.test",
    credentials: { username: "auth-7", password: "secret", realm: "asterisk" },
  });
  expect(opened).toEqual([]);
});

test("While it is not registered there is no way; nor for a trunk without legs", async () => {
  const { ways } = bench();
  expect(ways.open("office")).rejects.toThrow("not registered");
  expect(ways.open("elsewhere")).rejects.toThrow("no legs");
});

test("An IP trunk's go to its PBX, whose answers are let in; no password is at hand for anybody there", async () => {
  const { ways, trusted } = bench({ transport: "udp", host: "192.0.2.1", port: 5070 });
  expect(await ways.open("office")).toEqual({
    flow: { address: "192.0.2.1", port: 5070 },
    domain: "192.0.2.1:5070",
    credentials: undefined,
  });
  expect(trusted).toEqual([{ address: "192.0.2.1", port: 5070 }]);
  const usual = bench({ transport: "udp", host: "pbx.office.lan", port: 0 });
  expect((await usual.ways.open("office")).domain).toBe("pbx.office.lan");
  const six = bench({ transport: "udp", host: "2001:db8::1", port: 5070 });
  expect((await six.ways.open("office")).domain).toBe("[2001:db8::1]:5070");
});

test("Over a stream legs share one connection; when it breaks, or could not be made, the next leg makes another", async () => {
  const { ways, opened, distrusted, ...rest } = bench({ transport: "tcp", host: "192.0.2.1", port: 0 });
  rest.break(true);
  expect(ways.open("office")).rejects.toThrow("refused");
  await new Promise((resolve) => setImmediate(resolve));
  rest.break(false);
  const [first, second] = await Promise.all([ways.open("office"), ways.open("office")]);
  expect([first.flow.connection, second.flow.connection]).toEqual([1, 1]);
  expect(opened).toHaveLength(2);
  ways.lost(7); // another's
  expect((await ways.open("office")).flow.connection).toBe(1);
  ways.lost(1);
  expect(distrusted).toEqual([{ address: "", port: 0, connection: 1 }]);
  expect((await ways.open("office")).flow.connection).toBe(2);
});

test("Over TLS the PBX proves to be the host that was configured, or what its table says", async () => {
  const plain = bench({ transport: "tls", host: "pbx.office.lan", port: 0 });
  await plain.ways.open("office");
  expect(plain.opened[0]?.tls).toEqual({ name: "pbx.office.lan", ca: undefined, pinned: undefined });
  const tls = { name: "pbx", ca: undefined, pinned: "ab".repeat(32) };
  const pinned = bench({ transport: "tls", host: "192.0.2.1", port: 5061, tls });
  await pinned.ways.open("office");
  expect(pinned.opened[0]?.tls).toEqual(tls);
});
