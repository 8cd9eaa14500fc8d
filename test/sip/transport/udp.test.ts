import { expect, test } from "bun:test";
import { AppError } from "../../../src/app-error.ts";
import type { Endpoint } from "../../../src/sip/endpoint.ts";
import { openUdp } from "../../../src/sip/transport/udp.ts";
import { createUserAgent, type UserAgentOptions } from "../../../src/sip/user-agent.ts";
import { offer, ourSdp, request } from "../bench.ts";

/** The other end: a plain socket whose datagrams are awaited one by one. */
async function phone(address = "127.0.0.1") {
  const arrived: { text: string; port: number }[] = [];
  let wake: (() => void) | undefined;
  const socket = await Bun.udpSocket({
    hostname: address,
    socket: {
      data(_socket, data, port) {
        arrived.push({ text: data.toString(), port });
        wake?.();
      },
      error: () => undefined,
    },
  });
  return {
    socket,
    send: (text: string, to: Endpoint) => socket.send(text, to.port, to.address),
    async next(): Promise<string> {
      if (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return arrived.shift()?.text ?? "";
    },
  };
}

const idle: Pick<UserAgentOptions, "onInvite" | "admit" | "log"> = {
  onInvite: () => ({ acknowledged: () => undefined, reoffered: () => undefined, ended: () => undefined }),
  admit: () => ({ ok: true }),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
};

const viaOf = (port: number) => `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${port};rport`;

test("A call over a real socket: answered, acknowledged, and ended by BYE when we close", async () => {
  const news: string[] = [];
  const agent = await createUserAgent({
    ...idle,
    listen: { address: "127.0.0.1", port: 0 },
    peers: ["127.0.0.1"],
    onInvite(call) {
      call.answer(ourSdp);
      return {
        acknowledged: () => news.push("acknowledged"),
        reoffered: () => undefined,
        ended: (reason) => news.push(reason),
      };
    },
  });
  expect(agent.address.port).toBeGreaterThan(0);
  const caller = await phone();
  const via = viaOf(caller.socket.port);
  const contact = `<sip:a@127.0.0.1:${caller.socket.port}>`;
  caller.send(request({ via, contact, body: offer }), agent.address);
  expect(await caller.next()).toStartWith("SIP/2.0 100 Trying\r\n");
  const answered = await caller.next();
  expect(answered).toStartWith("SIP/2.0 200 OK\r\n");
  expect(answered).toContain(`Contact: <sip:127.0.0.1:${agent.address.port}>\r\n`);
  const toTag = /^To:.*;tag=(.*)\r$/m.exec(answered)?.[1];
  caller.send(request({ via: `${via}a`, contact, method: "ACK", toTag }), agent.address);
  caller.send(request({ via: `${via}o`, method: "OPTIONS", callId: "o" }), agent.address);
  expect(await caller.next()).toStartWith("SIP/2.0 200 OK\r\n");
  expect(news).toEqual(["acknowledged"]);

  const closed = agent.close();
  const bye = await caller.next();
  expect(bye).toStartWith(`BYE sip:a@127.0.0.1:${caller.socket.port} SIP/2.0\r\n`);
  const copied = bye.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  caller.send(`SIP/2.0 200 OK\r\n${copied.join("\r\n")}\r\n\r\n`, agent.address);
  await closed;
  expect(news).toEqual(["acknowledged", "shutdown"]);
  expect(agent.status()).toMatchObject({ sockets: 0, timers: 0, transactions: 0, dialogs: 0 });
  caller.socket.close();
});

test("Strangers hear nothing; the peer beside them does", async () => {
  const agent = await createUserAgent({ ...idle, listen: { address: "0.0.0.0", port: 0 }, peers: ["127.0.0.2/32"] });
  const [stranger, peer] = [await phone("127.0.0.1"), await phone("127.0.0.2")];
  const to = { address: "127.0.0.1", port: agent.address.port };
  stranger.send(request({ via: viaOf(stranger.socket.port), method: "OPTIONS" }), to);
  peer.send(request({ via: viaOf(peer.socket.port), method: "OPTIONS" }), to);
  expect(await peer.next()).toStartWith("SIP/2.0 200 OK\r\n");
  expect(agent.status().dropped).toEqual({ "not-a-peer": 1 });
  await agent.close();
  stranger.socket.close();
  peer.socket.close();
});

test("A port that is taken, and an address that is not ours, are said clearly", async () => {
  const first = await openUdp({ address: "127.0.0.1", port: 0 }, { receive: () => undefined, unsent: () => undefined });
  const second = openUdp(first.address, { receive: () => undefined, unsent: () => undefined });
  const failure = await second.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AppError);
  expect(failure).toMatchObject({
    code: "port_taken",
    message: `Another program has SIP port 127.0.0.1:${first.address.port} (UDP): stop it, or set sip.port to a free one.`,
  });
  first.close();
  const elsewhere = openUdp({ address: "192.0.2.1", port: 0 }, { receive: () => undefined, unsent: () => undefined });
  expect(await elsewhere.catch((error: unknown) => error)).toMatchObject({ code: "invalid_config" });
});

test("A peer that is gone does not cost another its answers", async () => {
  const reasons: string[] = [];
  const transport = await openUdp(
    { address: "127.0.0.1", port: 0 },
    { receive: () => undefined, unsent: (reason) => reasons.push(reason) },
  );
  expect(transport.tuned).toBe(true);
  const [gone, there] = [await phone(), await phone()];
  const goneTo = { address: "127.0.0.1", port: gone.socket.port };
  const thereTo = { address: "127.0.0.1", port: there.socket.port };
  gone.socket.close();
  for (let n = 0; n < 50; n += 1) {
    transport.send(Buffer.from("to nobody"), goneTo);
    transport.send(Buffer.from(`${n}`), thereTo);
  }
  for (let n = 0; n < 50; n += 1) expect(await there.next()).toBe(`${n}`);
  expect(reasons).toEqual([]);
  transport.close();
  there.socket.close();
});

test("Listening on every address, each peer is told the one by which it reaches us", async () => {
  const events = { receive: () => undefined, unsent: () => undefined };
  const v4 = await openUdp({ address: "0.0.0.0", port: 0 }, events);
  expect(v4.localEndpoint("127.0.0.9")).toEqual({ address: "127.0.0.1", port: v4.address.port });
  v4.close();
  const both = await openUdp({ address: "::", port: 0 }, events);
  expect(both.localEndpoint("127.0.0.9").address).toBe("127.0.0.1");
  const peer = await phone();
  both.send(Buffer.from("mapped"), { address: "127.0.0.1", port: peer.socket.port });
  expect(await peer.next()).toBe("mapped");
  peer.socket.close();
  both.close();
});
