/** The telephones of a load (telephones.ts) as a child process: its news in the order in which they come. */
import { join } from "node:path";
import type { Stream } from "./figures.ts";
import type { News, Orders, TelephoneFigures } from "./telephones.ts";

/** `go` lets them call, once somebody listens on `ports`. */
export function startTelephones(orders: Orders) {
  const ports = Promise.withResolvers<number[]>();
  const talking = Promise.withResolvers<Stream[]>();
  const done = Promise.withResolvers<TelephoneFigures>();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "telephones.ts"), JSON.stringify(orders)], {
    stdout: "inherit",
    stderr: "inherit",
    ipc(news: News) {
      if (news.kind === "sockets") ports.resolve(news.ports);
      else if (news.kind === "talking") talking.resolve(news.streams);
      else done.resolve(news.figures);
    },
    onExit(_, code) {
      const ended = new Error(`the telephones ended with ${code}`);
      for (const { reject } of [ports, talking, done]) reject(ended);
    },
  });
  return { ports: ports.promise, talking: talking.promise, done: done.promise, go: () => child.send("go") };
}
