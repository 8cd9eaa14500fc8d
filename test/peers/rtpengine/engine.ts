/** Sipwise's rtpengine of Debian, in user space on loopback, and its ng protocol (bencode behind a cookie, over UDP). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Value = string | number | readonly Value[] | { readonly [key: string]: Value };
export type Dictionary = { readonly [key: string]: Value };

export type Engine = {
  /** @throws if it refuses, with its reason. */
  ask(command: string, more: Dictionary): Promise<Dictionary>;
  /** Its log so far: what it says of suites and handshakes. */
  log(): string;
  stop(): Promise<void>;
};

const host = "127.0.0.1";

/** @param port of the control protocol; RTP is taken between the two others. */
export async function startRtpengine(port: number, rtpFrom: number, rtpTo: number): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-rtpengine-"));
  const file = join(folder, "log");
  const child = Bun.spawn(
    [
      ...["rtpengine", "--foreground", "--log-stderr", "--log-level=6", "--table=-1", "--config-file=none"],
      ...[`--interface=${host}`, `--listen-ng=${host}:${port}`, `--port-min=${rtpFrom}`, `--port-max=${rtpTo}`],
      `--pidfile=${join(folder, "pid")}`,
    ],
    { stdin: "ignore", stdout: "ignore", stderr: Bun.file(file) },
  );
  const waiting = new Map<string, (answer: Dictionary) => void>();
  const socket = await Bun.udpSocket({
    hostname: host,
    socket: {
      data(_, datagram) {
        const text = Buffer.from(datagram).toString("latin1");
        const space = text.indexOf(" ");
        waiting.get(text.slice(0, space))?.(decode(text.slice(space + 1)));
      },
      error: () => undefined, // it does not listen yet
    },
  });
  let cookies = 0;

  async function ask(command: string, more: Dictionary): Promise<Dictionary> {
    const cookie = `${process.pid}-${++cookies}`;
    const answered = Promise.withResolvers<Dictionary>();
    waiting.set(cookie, answered.resolve);
    const bytes = Buffer.from(`${cookie} ${encode({ command, ...more })}`, "latin1");
    try {
      for (let tries = 0; tries < 50; tries++) {
        socket.send(bytes, port, host);
        const answer = await Promise.race([answered.promise, Bun.sleep(200)]);
        if (answer === undefined) continue;
        if (answer.result === "error") throw new Error(`rtpengine: ${String(answer["error-reason"])}`);
        return answer;
      }
      throw new Error(`rtpengine does not answer: ${await Bun.file(file).text()}`);
    } finally {
      waiting.delete(cookie);
    }
  }

  await ask("ping", {});
  return {
    ask,
    log: () => new TextDecoder().decode(Bun.spawnSync(["cat", file]).stdout),
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
      socket.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function encode(value: Value): string {
  if (typeof value === "number") return `i${value}e`;
  if (typeof value === "string") return `${value.length}:${value}`;
  if (isList(value)) return `l${value.map(encode).join("")}e`;
  const keys = Object.keys(value).sort();
  return `d${keys.map((key) => encode(key) + encode(value[key] ?? "")).join("")}e`;
}

/** @throws on anything but a dictionary. */
export function decode(text: string): Dictionary {
  const [value] = decodeAt(text, 0);
  if (typeof value !== "object" || isList(value)) throw new Error("no dictionary");
  return value;
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** @returns the value at `at`, and where the next one begins. */
function decodeAt(text: string, at: number): [Value, number] {
  const kind = text[at];
  if (kind === "i") {
    const end = text.indexOf("e", at);
    return [Number(text.slice(at + 1, end)), end + 1];
  }
  if (kind !== "l" && kind !== "d") {
    const colon = text.indexOf(":", at);
    const end = colon + 1 + Number(text.slice(at, colon));
    return [text.slice(colon + 1, end), end];
  }
  const values: Value[] = [];
  let next = at + 1;
  while (next < text.length && text[next] !== "e") {
    const [value, after] = decodeAt(text, next);
    values.push(value);
    next = after;
  }
  if (kind === "l") return [values, next + 1];
  const pairs = values.flatMap((key, i): [string, Value][] =>
    i % 2 === 0 && typeof key === "string" ? [[key, values[i + 1] ?? ""]] : [],
  );
  return [Object.fromEntries(pairs), next + 1];
}
