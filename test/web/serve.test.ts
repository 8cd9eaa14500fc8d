/** The web application on a real socket: which TLS it speaks, and that it lets go of what nobody reads. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { readdirSync, readlinkSync } from "node:fs";
import { connect, type TLSSocket } from "node:tls";
import { AppError } from "../../src/app-error.ts";
import { type TlsIdentity, tlsIdentity } from "../../src/security/tls-identity.ts";
import { startWeb, type WebServer } from "../../src/web/api/serve.ts";
import { addCall, type OpenWeb, openWeb } from "./harness.ts";

const names = ["localhost", "127.0.0.1", "::1", "office-server"];
let web: OpenWeb;
let server: WebServer;
let identity: TlsIdentity;
let headers: { cookie: string };
beforeAll(async () => {
  web = openWeb();
  headers = await web.enter();
  identity = await tlsIdentity(web.records.store.db, web.records.keys, names, new Date());
  server = startWeb({ address: "127.0.0.1", port: 0, tls: identity, app: web.app });
});
afterAll(async () => {
  await server.close();
  web.close();
});

type Version = "TLSv1.2" | "TLSv1.3";

function shake(version: Version): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      {
        port: server.port,
        host: "127.0.0.1",
        servername: "localhost",
        ca: identity.certificate,
        minVersion: version,
        maxVersion: version,
      },
      () => resolve(socket),
    );
    socket.on("error", reject);
  });
}

describe("TLS", () => {
  test("1.3 is spoken, and the certificate is good for the name", async () => {
    const socket = await shake("TLSv1.3");
    expect([socket.getProtocol(), socket.authorized]).toEqual(["TLSv1.3", true]);
    socket.destroy();
  });

  test("1.2 is refused", async () => {
    const refused = await shake("TLSv1.2").then(
      (socket) => `spoken: ${socket.getProtocol()}`,
      (error: { code?: string }) => error.code ?? "",
    );
    expect(refused).not.toStartWith("spoken");
    expect(refused).toMatch(/PROTOCOL|VERSION|ALERT|HANDSHAKE|ECONNRESET/i);
  });

  test("plain HTTP gets nothing of ours", async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`).then(
      (response) => response.text(),
      () => "",
    );
    expect(answer).not.toContain("Gatehouse");
  });
});

test("the certificate names the machine and may sign nothing", () => {
  const parsed = new X509Certificate(identity.certificate);
  expect(parsed.subjectAltName).toBe(
    "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:office-server",
  );
  expect(parsed.ca).toBe(false);
  expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  const key = parsed.publicKey.export({ type: "spki", format: "der" });
  expect(new Bun.CryptoHasher("sha256").update(key).digest("base64")).toBe(identity.spkiSha256);
});

test("a request over the socket comes with the browser's address, and is answered", async () => {
  const answer = await fetch(`https://localhost:${server.port}/api/me`, { tls: { ca: identity.certificate } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
});

test("a port that is taken is named, with what to do", () => {
  const again = () => startWeb({ address: "127.0.0.1", port: server.port, tls: identity, app: web.app });
  expect(again).toThrow(AppError);
});

test("a page that stops reading is dropped, and its timers with it", async () => {
  const idle = web.clock.waiting();
  const socket = await shake("TLSv1.3");
  socket.write(`GET /api/live HTTP/1.1\r\nHost: localhost\r\nCookie: ${headers.cookie}\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  expect(web.clock.waiting()).toBeGreaterThan(idle);
  const text = "x".repeat(60_000);
  for (let sent = 0; sent < 400 && web.clock.waiting() > idle; sent++) {
    web.live.publish({ kind: "caption", callId: "c1", text });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(web.clock.waiting()).toBe(idle);
  socket.destroy();
});

test("a page that goes away is forgotten", async () => {
  const idle = web.clock.waiting();
  const socket = await shake("TLSv1.3");
  socket.write(`GET /api/live HTTP/1.1\r\nHost: localhost\r\nCookie: ${headers.cookie}\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.destroy();
  for (let turn = 0; turn < 2_000 && web.clock.waiting() > idle; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(web.clock.waiting()).toBe(idle);
});

test("HTTP/1.0 without a Host is refused and is nothing to log", async () => {
  const socket = await shake("TLSv1.3");
  const answer = new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
    });
    socket.on("close", () => resolve(text));
  });
  socket.write("GET / HTTP/1.0\r\n\r\n");
  expect(await answer).toStartWith("HTTP/1.1 400");
  expect(web.bugs).toEqual([]);
});

test("listeners who hang up in the middle of a recording leave no open file", async () => {
  const sound = new Uint8Array(8_000 * 60);
  addCall(web, {
    id: "long",
    at: new Date("2026-11-24T10:05:00Z"),
    sound: { caller: sound, agent: sound },
    outcome: "message",
  });
  const file = () => readdirSync("/proc/self/fd").filter((fd) => pathOf(fd).endsWith("long.ghr")).length;
  for (let i = 0; i < 5; i++) {
    const socket = await shake("TLSv1.3");
    const begun = new Promise((resolve) => socket.once("data", resolve));
    socket.write(`GET /api/calls/long/recording HTTP/1.1\r\nHost: localhost\r\nCookie: ${headers.cookie}\r\n\r\n`);
    await begun;
    socket.destroy();
  }
  const deadline = performance.now() + 5_000;
  while (file() > 0 && performance.now() < deadline) await new Promise((resume) => setImmediate(resume));
  expect(file()).toBe(0);
});

function pathOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ""; // closed meanwhile
  }
}
