/**
 * One event to one host, by HTTP/1.1 over a connection of its own. No HTTP client: those follow redirects, use proxies
 * of the environment and look names up again; this connects to the address that it has checked and reads one status.
 */
import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { plainAddress } from "../../sip/peers.ts";
import type { TlsTrust } from "../../sip/ports.ts";
import { connectTls } from "../../sip/transport/tls.ts";

export type PostTarget = {
  host: string;
  port: number;
  /** Path and query. */
  path: string;
  /** Undefined: in clear. */
  tls: TlsTrust | undefined;
  /** Whether what the host's name stands for may be connected to. */
  allows(address: string): boolean;
};

/** `why`: of the connection, never of what was sent. */
export type Posted = { taken: true } | { taken: false; why: string };

const withinMs = 10_000;
const mostHeadBytes = 16 * 1024;

/** Never throws: whatever goes wrong is why it was not taken. */
export async function post(
  target: PostTarget,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Posted> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  try {
    const address = await aborted(addressOf(target), until);
    if (address === undefined) return refusal("its name stands for an address that webhooks.addresses does not list");
    const socket = open(target, address);
    return judged(await aborted(exchange(socket, target, headers, body), until, () => socket.destroy()));
  } catch (error) {
    return refusal(signal.aborted ? "we are closing" : until.aborted ? "no answer in time" : reasonOf(error));
  }
}

const refusal = (why: string): Posted => ({ taken: false, why });

function judged(status: number | undefined): Posted {
  if (status === undefined) return refusal("it closed or answered no HTTP");
  if (status >= 200 && status < 300) return { taken: true };
  return refusal(`it answered ${status}${status >= 300 && status < 400 ? ": redirects are not followed" : ""}`);
}

/** Of a network's error the code; its text might name anything. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string") return `the connection failed (${code})`;
  return error instanceof Error && error.message === "another certificate"
    ? "it shows another certificate"
    : "the connection failed";
}

/** Every answer must be listed: a name that also stands for something else is not ours. */
async function addressOf({ host, allows }: PostTarget): Promise<string | undefined> {
  const addresses = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }];
  const plain = addresses.map(({ address }) => plainAddress(address));
  return plain.every(allows) ? plain[0] : undefined;
}

function open({ port, tls }: PostTarget, address: string): Socket {
  if (tls === undefined) return connect({ host: address, port });
  return connectTls({ address, port }, tls, { weakness: undefined, certificate: undefined });
}

/** @returns the status, undefined if none came. The socket is closed. */
function exchange(
  socket: Socket,
  { host, port, path, tls }: PostTarget,
  headers: Record<string, string>,
  body: string,
): Promise<number | undefined> {
  const bytes = Buffer.from(body);
  const name = isIP(host) === 6 ? `[${host}]` : host;
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${name}:${port}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${bytes.length}`,
    ...Object.entries(headers).map(([field, value]) => `${field}: ${value}`),
  ];
  return new Promise((resolve, reject) => {
    let answer = "";
    const done = (status: number | undefined) => {
      socket.destroy();
      resolve(status);
    };
    // By TLS only when the host has proven itself: until then nothing is sent.
    socket.once(tls === undefined ? "connect" : "secureConnect", () => {
      if (!socket.destroyed) socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), bytes]));
    });
    socket.on("data", (data: Buffer) => {
      answer += data.toString("latin1");
      const status = statusIn(answer);
      if (status !== undefined || answer.length > mostHeadBytes) done(status);
    });
    socket.on("error", (error) => {
      socket.destroy();
      reject(error);
    });
    socket.once("close", () => resolve(undefined));
  });
}

/** Interim answers (1xx) come before the one that counts (RFC 9110 §15.2). @returns undefined: not yet, or no HTTP. */
function statusIn(answer: string): number | undefined {
  const rest = answer.replace(/^(HTTP\/1\.[01] 1\d\d[\s\S]*?\r\n\r\n)+/, "");
  const status = /^HTTP\/1\.[01] ([2-5]\d\d)(?: [^\r\n]*)?\r\n/.exec(rest)?.[1];
  return status === undefined ? undefined : Number(status);
}

async function aborted<T>(work: Promise<T>, signal: AbortSignal, undo: () => void = () => undefined): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => {
    undo();
    reject(signal.reason);
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
    work.catch(() => undefined); // whoever lost the race has nobody to tell
  }
}
