import { expect, test } from "bun:test";
import { createServer } from "node:net";
import { type Endpoint, hostPort } from "../../../src/sip/endpoint.ts";
import type { Registrar, RegistrationSettings } from "../../../src/sip/ports.ts";
import { createLocator } from "../../../src/sip/transport/locator.ts";
import { createUserAgent } from "../../../src/sip/user-agent.ts";
import { startDns, type Zone } from "./dns-responder.ts";
import { reading } from "./stream-phone.ts";

const server = (host: string, transport: Registrar["transport"] = "udp", port = 0): Registrar => ({
  transport,
  host,
  port,
  tls: undefined,
});

async function open(zone: Zone) {
  const dns = await startDns(zone);
  let now = 0;
  const locator = createLocator({ names: dns.names, family: 4, nowMs: () => now, random: () => 0 });
  const places = async (one: Registrar) =>
    (await locator.locate(one)).map((place: Endpoint) => `${place.transport ?? "udp"} ${hostPort(place)}`);
  return { dns, locator, places, wait: (ms: number) => (now += ms) };
}

const zone = (): Zone => ({
  "pbx.test": { a: ["192.0.2.1", "192.0.2.2"] },
  "one.pbx.test": { a: ["192.0.2.11"] },
  "two.pbx.test": { a: ["192.0.2.12", "192.0.2.13"] },
  "_sip._udp.pbx.test": { srv: ["20 0 5070 two.pbx.test", "10 0 5060 one.pbx.test"] },
  "_sips._tcp.pbx.test": { srv: ["10 0 5443 two.pbx.test"] },
  "_sip._udp.none.test": { srv: ["0 0 0 ."] },
  "_sip._udp.broken.test": { srv: ["1 0 5060 gone.test", "2 0 5060 one.pbx.test"] },
});

test("Without a port SRV decides; with one, or for an address, nobody is asked for SRV (RFC 3263 §4.2)", async () => {
  const { dns, places } = await open(zone());
  expect(await places(server("pbx.test"))).toEqual([
    "udp 192.0.2.11:5060",
    "udp 192.0.2.12:5070",
    "udp 192.0.2.13:5070",
  ]);
  expect(await places(server("pbx.test", "tls"))).toEqual(["tls 192.0.2.12:5443", "tls 192.0.2.13:5443"]);
  dns.asked.length = 0;
  expect(await places(server("pbx.test", "udp", 5090))).toEqual(["udp 192.0.2.1:5090", "udp 192.0.2.2:5090"]);
  expect(dns.asked).toEqual(["pbx.test 1"]);
  expect(await places(server("192.0.2.5"))).toEqual(["udp 192.0.2.5:5060"]);
  expect(await places(server("2001:db8::1", "tls"))).toEqual(["tls [2001:db8::1]:5061"]);
  expect(dns.asked).toHaveLength(1);
  dns.close();
});

test("Where there are no SRV records the name's own addresses serve, at the usual port", async () => {
  const { dns, places } = await open(zone());
  expect(await places(server("pbx.test", "tcp"))).toEqual(["tcp 192.0.2.1:5060", "tcp 192.0.2.2:5060"]);
  dns.close();
});

test("A target without an address is passed over; a service that is not there, and a name that is none, lead nowhere", async () => {
  const { dns, locator, places } = await open(zone());
  expect(await places(server("broken.test"))).toEqual(["udp 192.0.2.11:5060"]);
  for (const host of ["none.test", "unknown.test"]) {
    expect(await locator.locate(server(host)).catch(() => "nowhere")).toBe("nowhere");
  }
  dns.close();
});

test("What has failed is the last for a minute; while nobody can be asked, what was known before serves", async () => {
  const { dns, locator, places, wait } = await open(zone());
  const [first] = await locator.locate(server("pbx.test"));
  locator.avoid(first ?? { address: "", port: 0 });
  expect(await places(server("pbx.test"))).toEqual([
    "udp 192.0.2.12:5070",
    "udp 192.0.2.13:5070",
    "udp 192.0.2.11:5060",
  ]);
  wait(59_999);
  expect((await places(server("pbx.test")))[0]).toBe("udp 192.0.2.12:5070");
  wait(1);
  dns.silence(true);
  expect((await places(server("pbx.test")))[0]).toBe("udp 192.0.2.11:5060");
  expect(await locator.locate(server("other.test")).catch(() => "nowhere")).toBe("nowhere");
  dns.silence(false);
  // Asked anew each time: the resolver of the machine keeps what it may.
  dns.zone["_sip._udp.pbx.test"] = { srv: ["1 0 5080 one.pbx.test"] };
  expect(await places(server("pbx.test"))).toEqual(["udp 192.0.2.11:5080"]);
  dns.close();
});

test("A registrar by name over TCP: the first target refuses, the second has us", async () => {
  const registered = Promise.withResolvers<string>();
  const registrar = createServer((socket) => {
    const phone = reading(socket);
    void phone.next().then((message) => {
      const copied = message.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq|Contact):/.test(line));
      phone.send(`SIP/2.0 200 OK\r\n${copied.join("\r\n")}\r\nExpires: 300\r\nContent-Length: 0\r\n\r\n`);
      registered.resolve(message);
    });
  });
  const closed = createServer();
  const [up, down] = [await listening(registrar), await listening(closed)];
  await new Promise((resolve) => closed.close(resolve));
  const dns = await startDns({
    "_sip._tcp.pbx.test": { srv: [`1 0 ${down} one.pbx.test`, `2 0 ${up} one.pbx.test`] },
    "one.pbx.test": { a: ["127.0.0.1"] },
  });
  const trunk = { name: "office", peers: [], called: ["to"] } as const;
  const settings: RegistrationSettings = {
    trunk,
    registrars: [server("pbx.test", "tcp")],
    extension: "1000",
    domain: "pbx.test",
    realm: "pbx.test",
    authId: "1000",
    password: "secret",
    expiresSeconds: 300,
  };
  const news = Promise.withResolvers<void>();
  const agent = await createUserAgent({
    listen: { address: "127.0.0.1", port: 0 },
    peers: [],
    names: dns.names,
    registrations: [settings],
    onInvite: () => ({ acknowledged: () => undefined, reoffered: () => undefined, ended: () => undefined }),
    admit: () => ({ ok: true }),
    log: { info: () => news.resolve(), warn: () => undefined, error: () => undefined },
  });
  expect(await registered.promise).toStartWith("REGISTER sip:pbx.test SIP/2.0\r\n");
  await news.promise;
  expect(agent.registrations()).toMatchObject([{ state: "registered", registrar: "tcp pbx.test:5060" }]);
  expect(dns.asked).toContain("_sip._tcp.pbx.test 33");
  registrar.close();
  await agent.close();
  dns.close();
});

async function listening(one: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const bound = one.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}
