import { expect, test } from "bun:test";
import { connect } from "node:net";
import { createServer } from "node:tls";
import type { TlsTrust } from "../../../src/sip/ports.ts";
import { createUserAgent, type UserAgentOptions } from "../../../src/sip/user-agent.ts";
import { makeCertificate, type TestCertificate } from "../../certificates.ts";
import { offer, ourSdp, request } from "../bench.ts";
import { reading, tcpPhone, tlsPhone } from "./stream-phone.ts";

const ours = await makeCertificate("gatehouse.test");
const authority = await makeCertificate("Authority");
const pbx = await makeCertificate("pbx.test", { issuer: authority });
const stranger = await makeCertificate("pbx.test");

const via = (branch: string) => `Via: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK-${branch};rport`;
const options = () => request({ via: via(`o${Math.random()}`), method: "OPTIONS", callId: `${Math.random()}` });

function open(more: Partial<UserAgentOptions> = {}, certificate: () => TestCertificate = () => ours) {
  return createUserAgent({
    onInvite: () => ({ acknowledged: () => undefined, reoffered: () => undefined, ended: () => undefined }),
    admit: () => ({ ok: true }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    listen: { address: "127.0.0.1", port: 0, tls: { port: 0, certificate } },
    peers: ["127.0.0.1"],
    ...more,
  });
}

/** Trunk "office" of this machine, which must prove itself. */
const demanding = (tls: TlsTrust): Partial<UserAgentOptions> => ({
  peers: [],
  trunks: [{ name: "office", peers: ["127.0.0.0/8"], called: ["request-uri"], transports: ["tls"], tls }],
});

const portOf = ({ tlsPort }: { tlsPort?: number }) => tlsPort ?? 0;

test("A call over TLS: it says so to its owner, Via and Contact keep to TLS, our BYE goes the same way", async () => {
  const news: string[] = [];
  const agent = await open({
    onInvite(call) {
      news.push(String(call.transport));
      call.answer(ourSdp);
      return {
        acknowledged: () => news.push("acknowledged"),
        reoffered: () => undefined,
        ended: (why) => news.push(why),
      };
    },
  });
  const phone = await tlsPhone(portOf(agent), { servername: "gatehouse.test" });
  expect(phone.socket.getProtocol()).toBe("TLSv1.3");
  expect(phone.socket.getPeerCertificate().fingerprint256).toBe(ours.fingerprint);
  const contact = "<sip:a@127.0.0.1:9;transport=tls>";
  phone.send(request({ via: via("i"), contact, body: offer }));
  expect(await phone.next()).toStartWith("SIP/2.0 100 Trying\r\n");
  const answered = await phone.next();
  expect(answered).toContain(`Contact: <sip:127.0.0.1:${portOf(agent)};transport=tls>\r\n`);
  const toTag = /^To:.*;tag=(.*)\r$/m.exec(answered)?.[1];
  phone.send(request({ via: via("a"), contact, method: "ACK", toTag }));
  phone.send(options());
  await phone.next();

  const closed = agent.close();
  const bye = await phone.next();
  expect(bye).toStartWith(
    `BYE sip:a@127.0.0.1:9;transport=tls SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:${portOf(agent)};`,
  );
  const copied = bye.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  phone.send(`SIP/2.0 200 OK\r\n${copied.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
  await closed;
  expect(news).toEqual(["tls", "acknowledged", "shutdown"]);
  expect(agent.status()).toMatchObject({ sockets: 0, timers: 0, transactions: 0, dialogs: 0 });
  await phone.closed();
});

test("TLS 1.2 with ECDHE and GCM is taken; CBC, RSA key exchange and TLS 1.1 are not", async () => {
  const certificate = await makeCertificate("gatehouse.test", { kind: "rsa" });
  const agent = await open({}, () => certificate);
  const at = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
  const good = await tlsPhone(portOf(agent), { ...at, ciphers: "ECDHE-RSA-AES128-GCM-SHA256" });
  good.send(options());
  expect(await good.next()).toStartWith("SIP/2.0 200 OK\r\n");
  for (const ciphers of ["ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "AES128-SHA"]) {
    const weak = await tlsPhone(portOf(agent), { ...at, ciphers });
    expect(await weak.next()).toBe("closed");
  }
  const old = await tlsPhone(portOf(agent), { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "AES128-SHA" });
  expect(await old.next()).toBe("closed");
  expect(agent.status().dropped["tls-too-weak"]).toBe(4);
  await agent.close();
});

test("An exception takes what it names, and nothing else", async () => {
  const certificate = await makeCertificate("gatehouse.test", { kind: "rsa" });
  const tlsWeakness = { minVersion: "TLSv1.1", ciphers: ["ECDHE-RSA-AES128-SHA"] } as const;
  const agent = await open({ tlsWeakness }, () => certificate);
  const weak = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" } as const;
  const named = await tlsPhone(portOf(agent), { ...weak, ciphers: "ECDHE-RSA-AES128-SHA" });
  expect(named.socket.getProtocol()).toBe("TLSv1.1");
  named.send(options());
  expect(await named.next()).toStartWith("SIP/2.0 200 OK\r\n");
  const other = await tlsPhone(portOf(agent), { ...weak, ciphers: "AES128-SHA" });
  expect(await other.next()).toBe("closed");
  const older = { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "ECDHE-RSA-AES128-SHA" } as const;
  expect(await (await tlsPhone(portOf(agent), older)).next()).toBe("closed");
  const usual = await tlsPhone(portOf(agent));
  expect(usual.socket.getProtocol()).toBe("TLSv1.3");
  await agent.close();
});

const identity = ({ certificate: cert, privateKey: key }: TestCertificate) => ({ cert, key });
const byAuthority: TlsTrust = { name: "pbx.test", ca: authority.certificate, pinned: undefined };

const serversOnly = await makeCertificate("pbx.test", { issuer: authority, usage: "serverAuth" });

test.each<[string, TlsTrust, TestCertificate | undefined, boolean, string?]>([
  ["its authority and name", byAuthority, pbx, true],
  ["its authority alone", { ...byAuthority, name: "" }, pbx, true],
  ["another name", { ...byAuthority, name: "other.test" }, pbx, false],
  ["another authority", byAuthority, stranger, false],
  ["no certificate, where an authority is asked for", byAuthority, undefined, false],
  ["one for servers only", byAuthority, serversOnly, false, "tls-certificate-purpose"],
  ["one for servers only, pinned", { name: "", ca: undefined, pinned: serversOnly.pinned }, serversOnly, true],
  ["the pinned certificate", { name: "", ca: undefined, pinned: stranger.pinned }, stranger, true],
  ["another than the pinned one", { name: "", ca: undefined, pinned: stranger.pinned }, pbx, false],
  ["no certificate, where one is pinned", { name: "", ca: undefined, pinned: stranger.pinned }, undefined, false],
])("A trunk that must prove itself shows %s", async (_what, tls, shown, taken, reason = "tls-other-certificate") => {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const agent = await open(demanding(tls));
    const own = shown === undefined ? {} : identity(shown);
    const phone = await tlsPhone(portOf(agent), { ...own, minVersion: version, maxVersion: version });
    phone.send(options());
    const answer = await phone.next();
    expect(answer.split("\r\n")[0]).toBe(taken ? "SIP/2.0 200 OK" : "closed");
    expect(agent.status().dropped).toEqual(taken ? {} : { [reason]: 1 });
    expect(agent.status().transactions).toBe(0);
    await agent.close();
  }
});

test("Where a trunk must prove itself by TLS, its address alone gets nothing over TCP or UDP", async () => {
  const tls = { name: "", ca: undefined, pinned: pbx.pinned };
  const certificate = () => ours;
  const listen = { address: "127.0.0.1", port: 0, tcp: true, tls: { port: 0, certificate } };
  // That sip.peers has the address too opens no second door.
  const agent = await open({ ...demanding(tls), listen, peers: ["127.0.0.1"] });
  const plain = await tcpPhone(agent.address.port);
  await plain.closed();
  const udp = await Bun.udpSocket({ hostname: "127.0.0.1" });
  udp.send(options(), agent.address.port, "127.0.0.1");
  while (agent.status().dropped["not-a-peer"] !== 2) await new Promise((resolve) => setImmediate(resolve));
  udp.close();
  await agent.close();
});

test("A stranger gets no handshake; who speaks no TLS is hung up on; both are named to IT", async () => {
  const certificate = () => ours;
  const agent = await open({ listen: { address: "0.0.0.0", port: 0, tls: { port: 0, certificate } } });
  const outside = await tlsPhone(portOf(agent), { localAddress: "127.0.0.2" } as object);
  expect(await outside.next()).toBe("closed");
  const plain = await tcpPhone(portOf(agent));
  plain.send(options());
  await plain.closed();
  const { dropped, rejected } = agent.status();
  expect(dropped).toMatchObject({ "not-a-peer": 1, "tls-handshake-failed": 1 });
  expect(rejected).toMatchObject([
    { address: "127.0.0.2", reason: "not-a-peer" },
    { address: "127.0.0.1", reason: "tls-handshake-failed" },
  ]);
  await agent.close();
});

test("Handshakes that never end count as connections, and are ended", async () => {
  const certificate = () => ours;
  const agent = await open({
    listen: { address: "127.0.0.1", port: 0, tls: { port: 0, certificate, handshakeMs: 300 } },
  });
  const slow = await Promise.all(Array.from({ length: 64 }, () => tcpPhone(portOf(agent))));
  slow[0]?.send("\x16"); // a first octet, and nothing more
  while (agent.status().sockets < 66) await new Promise((resolve) => setImmediate(resolve));
  const oneMore = await tcpPhone(portOf(agent));
  await oneMore.closed();
  expect(agent.status().dropped).toEqual({ "stream-too-many": 1 });
  await Promise.all(slow.map(({ closed }) => closed()));
  expect(agent.status()).toMatchObject({ sockets: 2, dropped: { "tls-handshake-slow": 64 } });
  const phone = await tlsPhone(portOf(agent));
  phone.send(options());
  expect(await phone.next()).toStartWith("SIP/2.0 200 OK\r\n");
  await agent.close();
});

test("What TLS carries is bounded as what TCP carries", async () => {
  const agent = await open();
  const flood = await tlsPhone(portOf(agent));
  flood.send("x".repeat(20_000));
  await flood.closed();
  const phone = await tlsPhone(portOf(agent));
  phone.send("\r\n\r\n");
  expect(await phone.raw(2)).toBe("\r\n");
  expect(agent.status().dropped).toEqual({ "stream-header-bytes": 1 });
  await agent.close();
});

test("A new certificate serves from the next connection on; running ones go on", async () => {
  let current = ours;
  const agent = await open({}, () => current);
  const before = await tlsPhone(portOf(agent));
  current = pbx;
  const after = await tlsPhone(portOf(agent));
  expect(before.socket.getPeerCertificate().fingerprint256).toBe(ours.fingerprint);
  expect(after.socket.getPeerCertificate().fingerprint256).toBe(pbx.fingerprint);
  before.send(options());
  expect(await before.next()).toStartWith("SIP/2.0 200 OK\r\n");
  await agent.close();
});

test("Closing ends handshakes that are under way", async () => {
  const agent = await open();
  const socket = connect({ host: "127.0.0.1", port: portOf(agent) });
  socket.on("error", () => undefined);
  const over = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  while (agent.status().sockets < 3) await new Promise((resolve) => setImmediate(resolve));
  await agent.close();
  await over;
  expect(agent.status().sockets).toBe(0);
});

test("Where its connection is gone, our BYE goes by a new one to the peer that can prove itself, and to nobody else", async () => {
  for (const listens of [pbx, stranger]) {
    const reached = Promise.withResolvers<string>();
    const server = createServer({ ...identity(listens) }, (socket) => {
      const peer = reading(socket);
      void peer.next().then((bye) => {
        const copied = bye.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
        peer.send(`SIP/2.0 200 OK\r\n${copied.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
        reached.resolve(bye);
      });
    });
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    const listening = typeof bound === "object" && bound !== null ? bound.port : 0;
    const acknowledged = Promise.withResolvers<() => void>();
    const agent = await open({
      ...demanding({ name: "", ca: undefined, pinned: pbx.pinned }),
      onInvite(call) {
        call.answer(ourSdp);
        return {
          acknowledged: () => acknowledged.resolve(call.hangUp),
          reoffered: () => undefined,
          ended: () => undefined,
        };
      },
    });
    const phone = await tlsPhone(portOf(agent), identity(pbx));
    const contact = `<sip:a@127.0.0.1:${listening};transport=tls>`;
    phone.send(request({ via: via("i"), contact, body: offer }));
    await phone.next();
    const toTag = /^To:.*;tag=(.*)\r$/m.exec(await phone.next())?.[1];
    phone.send(request({ via: via("a"), contact, method: "ACK", toTag }));
    const hangUp = await acknowledged.promise;
    phone.socket.destroy();
    while (agent.status().sockets > 2) await new Promise((resolve) => setImmediate(resolve));
    hangUp();
    if (listens === pbx) {
      expect(await reached.promise).toStartWith(`BYE sip:a@127.0.0.1:${listening};transport=tls SIP/2.0\r\n`);
      while (agent.status().dialogs > 0) await new Promise((resolve) => setImmediate(resolve));
    } else {
      while (agent.status().dropped["send-failed"] !== 1) await new Promise((resolve) => setImmediate(resolve));
    }
    server.close();
    void agent.close();
  }
});

test("To a registrar that asks for it we show the certificate that we listen with", async () => {
  const shown = Promise.withResolvers<string>();
  const server = createServer({ ...identity(pbx), requestCert: true, rejectUnauthorized: false }, (socket) => {
    socket.on("error", () => undefined);
    shown.resolve(socket.getPeerCertificate().fingerprint256);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const trust = { name: "pbx.test", ca: undefined, pinned: pbx.pinned };
  const agent = await open({
    registrations: [
      {
        trunk: { name: "office", peers: [], called: ["to"] },
        registrars: [{ transport: "tls", host: "127.0.0.1", port, tls: trust }],
        ...{ extension: "1000", domain: "pbx.test", realm: "pbx.test", authId: "1000", password: "secret" },
        expiresSeconds: 300,
      },
    ],
  });
  expect(await shown.promise).toBe(ours.fingerprint);
  server.close();
  await agent.close();
});
