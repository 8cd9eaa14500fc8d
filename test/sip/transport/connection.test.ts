import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { openConnection } from "../../../src/sip/transport/connection.ts";
import { request } from "../bench.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A socket of which both ends are here; its idle time is the system's, and not turned. */
function open(pinged = false, isInUse: () => boolean = () => false) {
  const written: Buffer[] = [];
  const pipe = new Duplex({
    read: () => undefined,
    write(chunk, _encoding, done) {
      written.push(Buffer.from(chunk));
      done();
    },
  });
  const idle: number[] = [];
  const fires: (() => void)[] = [];
  const socket = Object.assign(pipe, {
    setNoDelay: () => pipe,
    setTimeout(ms: number, fire: () => void) {
      idle.push(ms);
      fires.push(fire);
    },
  });
  const news: string[] = [];
  const remote = { address: "192.0.2.1", port: 5060, transport: "tls", connection: 1 } as const;
  const one = openConnection(socket as unknown as Socket, { remote, local: remote }, pinged, {
    receive: (message) => void news.push(Buffer.from(message).toString("latin1").split(" ", 1)[0] ?? ""),
    dropped: (reason, address) => void news.push(`${reason} ${address ?? "nobody"}`),
    closed: () => void news.push("closed"),
    isInUse,
  });
  return {
    one,
    news,
    written,
    idle,
    fires,
    socket,
    say: (text: string) => void socket.emit("data", Buffer.from(text)),
  };
}

const options = request({ method: "OPTIONS" });

test("A message that drips in, an octet each second, has 10 s from its first octet", () => {
  const { news, say, socket } = open();
  for (const octet of options.slice(0, 10)) {
    say(octet);
    jest.advanceTimersByTime(999);
  }
  expect(news).toEqual([]);
  jest.advanceTimersByTime(10);
  expect(news).toEqual(["stream-unfinished 192.0.2.1", "closed"]);
  expect(socket.destroyed).toBe(true);
});

test("One whole message after the other may take as long as they like; the next one's time runs from its own first octet", () => {
  const { news, say } = open();
  say(options.slice(0, 20));
  jest.advanceTimersByTime(9_000);
  say(options.slice(20) + options.slice(0, 5)); // ends the first, begins the second
  jest.advanceTimersByTime(9_000);
  expect(news).toEqual(["OPTIONS"]);
  say(options.slice(5));
  jest.advanceTimersByTime(60_000);
  expect(news).toEqual(["OPTIONS", "OPTIONS"]);
});

test("Theirs may idle for ten minutes; ours is pinged every 25 s, and no more once it is lost", () => {
  expect(open().idle).toEqual([600_000]);
  const ours = open(true);
  expect(ours.idle).toEqual([]);
  jest.advanceTimersByTime(75_000);
  expect(ours.written.map(String)).toEqual(["\r\n\r\n", "\r\n\r\n", "\r\n\r\n"]);
  ours.one.lost();
  ours.one.lost();
  jest.advanceTimersByTime(75_000);
  expect(ours.written).toHaveLength(3);
  expect(ours.news).toEqual(["closed"]);
});

test("Who does not read is given up at 256 KiB", () => {
  const { one, news, socket } = open();
  socket.cork(); // as where the peer's window is shut
  for (let sent = 0; sent < 4; sent += 1) one.write(Buffer.alloc(65_536));
  expect(news).toEqual([]);
  one.write(Buffer.alloc(1));
  expect(news).toEqual(["stream-not-read 192.0.2.1", "closed"]);
});

test("One that a call goes by may be silent for as long as the call lasts: our BYE has no other way", () => {
  let calls = 1;
  const { news, fires } = open(false, () => calls > 0);
  fires[0]?.();
  fires[1]?.();
  expect(news).toEqual([]);
  calls = 0;
  fires[2]?.();
  expect(news).toEqual(["stream-idle nobody", "closed"]);
});
