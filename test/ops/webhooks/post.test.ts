/** One event over real sockets of this machine. */
import { afterEach, describe, expect, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type Posted, type PostTarget, post } from "../../../src/ops/webhooks/post.ts";
import { makeCertificate } from "../../certificates.ts";

const never = new AbortController().signal;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Host = { port: number; got: string[]; connections: () => number };

async function listen(server: Server, answer: string | undefined, connected = "connection"): Promise<Host> {
  const got: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const take = (socket: Socket) => {
    connections++;
    open.add(socket);
    let request = "";
    socket.on("error", () => undefined);
    socket.on("data", (data: Buffer) => {
      request += data.toString();
      const [head = "", body = ""] = request.split("\r\n\r\n");
      if (Buffer.byteLength(body) < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) return;
      got.push(request);
      if (answer !== undefined) socket.end(answer);
    });
  };
  server.on(connected, take);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, got, connections: () => connections };
}

const plain = (answer: string | undefined) => listen(createServer(), answer);
const target = (port: number, more: Partial<PostTarget> = {}): PostTarget => ({
  host: "127.0.0.1",
  port,
  path: "/in?x=1",
  tls: undefined,
  allows: (address) => address === "127.0.0.1",
  ...more,
});
const send = (to: PostTarget, signal = never): Promise<Posted> =>
  post(to, { "Idempotency-Key": '"e1"' }, '{"é":1}', signal);

describe("in clear", () => {
  test("method, path, host, length in bytes and headers arrive; 2xx is taken", async () => {
    const host = await plain("HTTP/1.1 204 No Content\r\n\r\n");
    expect(await send(target(host.port))).toEqual({ taken: true });
    const [request = ""] = host.got;
    expect(request.split("\r\n")).toEqual([
      "POST /in?x=1 HTTP/1.1",
      `Host: 127.0.0.1:${host.port}`,
      "Connection: close",
      "Content-Type: application/json",
      "Content-Length: 8",
      'Idempotency-Key: "e1"',
      "",
      '{"é":1}',
    ]);
  });

  test("an interim answer is not the answer", async () => {
    const host = await plain("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    expect(await send(target(host.port))).toEqual({ taken: true });
  });

  test("a redirect is not followed", async () => {
    const elsewhere = await plain("HTTP/1.1 200 OK\r\n\r\n");
    const host = await plain(
      `HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:${elsewhere.port}/\r\n\r\n`,
    );
    expect(await send(target(host.port))).toEqual({ taken: false, why: "it answered 307: redirects are not followed" });
    expect(elsewhere.connections()).toBe(0);
  });

  test.each([
    ["HTTP/1.1 500 Oh dear Mrs Brown\r\n\r\n", "it answered 500"],
    ["HTTP/1.1 429 Slow\r\n\r\n", "it answered 429"],
    ["220 mail.example ESMTP\r\n", "it closed or answered no HTTP"],
    ["HTTP/1.1 2000 OK\r\n\r\n", "it closed or answered no HTTP"],
    ["", "it closed or answered no HTTP"],
    ["x".repeat(100_000), "it closed or answered no HTTP"],
  ])("%p is not taken", async (answer, why) => {
    const host = await plain(answer);
    expect(await send(target(host.port))).toEqual({ taken: false, why });
  });

  test("nobody there", async () => {
    const host = await plain("");
    for (const close of closing.splice(0)) close();
    expect(await send(target(host.port))).toEqual({ taken: false, why: "the connection failed (ECONNREFUSED)" });
  });

  test("who never answers is let go when we close", async () => {
    const host = await plain(undefined);
    const stop = new AbortController();
    const posted = send(target(host.port), stop.signal);
    while (host.got.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await posted).toEqual({ taken: false, why: "we are closing" });
    expect(await send(target(host.port), stop.signal)).toEqual({ taken: false, why: "we are closing" });
    expect(host.connections()).toBe(1);
  });

  test("a name that stands for an address that is not listed is not connected to", async () => {
    const host = await plain("HTTP/1.1 200 OK\r\n\r\n");
    const answered = await send(target(host.port, { host: "localhost", allows: (address) => address === "10.0.0.1" }));
    expect(answered).toMatchObject({ taken: false, why: expect.stringContaining("does not list") });
    expect(host.connections()).toBe(0);
  });
});

describe("over TLS", () => {
  const ok = "HTTP/1.1 200 OK\r\n\r\n";
  async function secured(name: string) {
    const made = await makeCertificate(name);
    const server = createTlsServer({ cert: made.certificate, key: made.privateKey });
    return { made, host: await listen(server, ok, "secureConnection") };
  }

  test("who shows the certificate of the name, by an authority that is trusted, gets it", async () => {
    const { made, host } = await secured("crm.lan");
    const trust = { name: "crm.lan", ca: made.certificate, pinned: undefined };
    expect(await send(target(host.port, { tls: trust }))).toEqual({ taken: true });
    const other = { ...trust, name: "other.lan" };
    expect(await send(target(host.port, { tls: other }))).toMatchObject({ taken: false });
    const system = { ...trust, ca: undefined };
    expect(await send(target(host.port, { tls: system }))).toMatchObject({ taken: false });
    expect(host.got).toHaveLength(1);
  });

  test("a pinned certificate is this one and no other; nothing is sent before it is seen", async () => {
    const { made, host } = await secured("crm.lan");
    const trust = { name: "whatever", ca: undefined, pinned: made.pinned };
    expect(await send(target(host.port, { tls: trust }))).toEqual({ taken: true });
    const another = { ...trust, pinned: "0".repeat(64) };
    expect(await send(target(host.port, { tls: another }))).toEqual({
      taken: false,
      why: "it shows another certificate",
    });
    expect(host.got).toHaveLength(1);
  });

  test("who speaks no TLS gets nothing", async () => {
    const host = await plain(ok);
    const trust = { name: "crm.lan", ca: undefined, pinned: undefined };
    expect(await send(target(host.port, { tls: trust }))).toMatchObject({ taken: false });
    expect(host.got.join()).not.toContain("POST");
  });
});
