import { expect, test } from "bun:test";
import { createServer } from "node:net";
import { createUserAgent, type UserAgentOptions } from "../../../src/sip/user-agent.ts";
import { offer, ourSdp, request } from "../bench.ts";
import { reading, tcpPhone } from "./stream-phone.ts";

const idle: Pick<UserAgentOptions, "onInvite" | "admit" | "log"> = {
  onInvite: () => ({ acknowledged: () => undefined, reoffered: () => undefined, ended: () => undefined }),
  admit: () => ({ ok: true }),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};

const open = (options: Partial<UserAgentOptions> = {}, address = "127.0.0.1") =>
  createUserAgent({
    ...idle,
    listen: { address, port: 0, tcp: true },
    peers: ["127.0.0.1", "::1"],
    ...options,
  });

const answering = (news: string[]): Partial<UserAgentOptions> => ({
  onInvite(call) {
    call.answer(ourSdp);
    return {
      acknowledged: () => news.push("acknowledged"),
      reoffered: () => undefined,
      ended: (reason) => news.push(reason),
    };
  },
});

const via = (host: string, branch: string) => `Via: SIP/2.0/TCP ${host};branch=z9hG4bK-${branch};rport`;

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "[::1]"],
])("A call over TCP at %s: Via, Contact and our BYE keep to the connection it came by", async (address, host) => {
  const news: string[] = [];
  const agent = await open(answering(news), address);
  const phone = await tcpPhone(agent.address.port, address);
  // Its Contact names a port on which nobody listens, and no transport: as many telephones' do.
  const contact = `<sip:a@${host}:9>`;
  phone.send(request({ via: via(`${host}:9`, "i"), contact, body: offer }));
  expect(await phone.next()).toStartWith("SIP/2.0 100 Trying\r\n");
  const answered = await phone.next();
  expect(answered).toStartWith("SIP/2.0 200 OK\r\n");
  expect(answered).toContain(`Contact: <sip:${host}:${agent.address.port};transport=tcp>\r\n`);
  const toTag = /^To:.*;tag=(.*)\r$/m.exec(answered)?.[1];
  phone.send(request({ via: via(`${host}:9`, "a"), contact, method: "ACK", toTag }));
  phone.send(request({ via: via(`${host}:9`, "o"), method: "OPTIONS", callId: "o" }));
  expect(await phone.next()).toStartWith("SIP/2.0 200 OK\r\n");

  const closed = agent.close();
  const bye = await phone.next();
  expect(bye).toStartWith(`BYE sip:a@${host}:9 SIP/2.0\r\nVia: SIP/2.0/TCP ${host}:${agent.address.port};branch=`);
  const copied = bye.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  phone.send(`SIP/2.0 200 OK\r\n${copied.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
  await closed;
  expect(news).toEqual(["acknowledged", "shutdown"]);
  expect(agent.status()).toMatchObject({ sockets: 0, timers: 0, transactions: 0, dialogs: 0 });
  await phone.closed();
});

test("Where its connection is gone, our BYE goes by a new one to where the peer listens", async () => {
  const news: string[] = [];
  const agent = await open(answering(news));
  const reached = Promise.withResolvers<ReturnType<typeof reading>>();
  const server = createServer((socket) => reached.resolve(reading(socket)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  const listening = typeof bound === "object" && bound !== null ? bound.port : 0;
  const phone = await tcpPhone(agent.address.port);
  const contact = `<sip:a@127.0.0.1:${listening};transport=tcp>`;
  phone.send(request({ via: via("127.0.0.1:9", "i"), contact, body: offer }));
  await phone.next();
  const toTag = /^To:.*;tag=(.*)\r$/m.exec(await phone.next())?.[1];
  phone.send(request({ via: via("127.0.0.1:9", "a"), contact, method: "ACK", toTag }));
  phone.send(request({ via: via("127.0.0.1:9", "o"), method: "OPTIONS", callId: "o" }));
  await phone.next();
  phone.socket.destroy();
  while (agent.status().sockets > 2) await new Promise((resolve) => setImmediate(resolve));

  const closed = agent.close();
  const peer = await reached.promise;
  const bye = await peer.next();
  expect(bye).toStartWith(`BYE sip:a@127.0.0.1:${listening};transport=tcp SIP/2.0\r\n`);
  const copied = bye.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  peer.send(`SIP/2.0 200 OK\r\n${copied.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
  await closed;
  expect(news).toEqual(["acknowledged", "shutdown"]);
  server.close();
});

test("A BYE whose connection breaks before its answer goes again, by a new one, with the same branch", async () => {
  const news: string[] = [];
  const agent = await open(answering(news));
  const reached = Promise.withResolvers<ReturnType<typeof reading>>();
  const server = createServer((socket) => reached.resolve(reading(socket)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  const listening = typeof bound === "object" && bound !== null ? bound.port : 0;
  const phone = await tcpPhone(agent.address.port);
  const contact = `<sip:a@127.0.0.1:${listening};transport=tcp>`;
  phone.send(request({ via: via("127.0.0.1:9", "i"), contact, body: offer }));
  await phone.next();
  const toTag = /^To:.*;tag=(.*)\r$/m.exec(await phone.next())?.[1];
  phone.send(request({ via: via("127.0.0.1:9", "a"), contact, method: "ACK", toTag }));
  phone.send(request({ via: via("127.0.0.1:9", "o"), method: "OPTIONS", callId: "o" }));
  await phone.next();

  const closed = agent.close();
  const first = await phone.next();
  expect(first).toStartWith("BYE ");
  phone.socket.resetAndDestroy();
  const peer = await reached.promise;
  const again = await peer.next();
  expect(again).toBe(first);
  const copied = again.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  peer.send(`SIP/2.0 200 OK\r\n${copied.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
  await closed;
  expect(news).toEqual(["acknowledged", "shutdown"]);
  server.close();
});

test("A ping is answered; what cannot be cut into messages closes the connection and nothing else", async () => {
  const agent = await open();
  const phone = await tcpPhone(agent.address.port);
  phone.send("\r\n\r\n");
  expect(await phone.raw(2)).toBe("\r\n");
  const fool = await tcpPhone(agent.address.port);
  fool.send("OPTIONS sip:a@b SIP/2.0\r\nTo: x\r\n\r\n");
  await fool.closed();
  const flood = await tcpPhone(agent.address.port);
  flood.send("x".repeat(20_000));
  await flood.closed();
  phone.send(request({ via: via("127.0.0.1:9", "o"), method: "OPTIONS" }));
  expect(await phone.next()).toStartWith("SIP/2.0 200 OK\r\n");
  expect(agent.status().dropped).toEqual({ "stream-no-content-length": 1, "stream-header-bytes": 1 });
  await agent.close();
});

test("Strangers are hung up on unread; one address has 64 connections", async () => {
  const agent = await open({}, "0.0.0.0");
  const stranger = await tcpPhone(agent.address.port, "127.0.0.1", "127.0.0.2");
  await stranger.closed();
  expect(agent.status().dropped).toEqual({ "not-a-peer": 1 });
  const phones = await Promise.all(Array.from({ length: 64 }, () => tcpPhone(agent.address.port)));
  const oneMore = await tcpPhone(agent.address.port);
  await oneMore.closed();
  expect(agent.status()).toMatchObject({ sockets: 66, dropped: { "stream-too-many": 1 } });
  for (const { socket } of phones) socket.destroy();
  await agent.close();
  expect(agent.status().sockets).toBe(0);
});

test("A TCP port that is taken is said clearly, and the UDP port beside it is given back", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const failure = await open({ listen: { address: "127.0.0.1", port, tcp: true } }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "port_taken", message: expect.stringContaining("(TCP)") });
  server.close();
  const agent = await createUserAgent({ ...idle, listen: { address: "127.0.0.1", port }, peers: ["127.0.0.1"] });
  await agent.close();
});
