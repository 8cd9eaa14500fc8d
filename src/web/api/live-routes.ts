import { Hono } from "hono";
import { AppError } from "../../app-error.ts";
import { endsAtMs, type Session } from "../../security/sessions.ts";
import type { WebEnv } from "./env.ts";
import { createLiveStream, type LiveStream } from "./live-stream.ts";
import { actorOf, type Needs } from "./needs.ts";
import type { WebPorts } from "./ports.ts";

/** Below the server's idle limit (serve.ts). */
const heartbeatMs = 15_000;
/** A few managers with a few tabs each. */
const followersAtMost = 50;

type Ports = Pick<WebPorts, "live" | "readers" | "signIn" | "now" | "schedule">;

/** Live calls as server-sent events: first how things stand, then each event; ends with the session. */
export function liveRoutes(ports: Ports, { needs }: Needs) {
  let followers = 0;
  // Watching is not using: an open page alone must not keep a session alive.
  return new Hono<WebEnv>().get("/live", needs("live:read", { isUse: false }), (c) => {
    if (c.req.method === "HEAD") return c.body(null); // answered by this route too, and nobody would read the stream
    if (followers >= followersAtMost) throw new AppError("too_many", "Too many pages follow the calls. Close one.");
    ports.readers.following(actorOf(c));
    const stops: (() => void)[] = [];
    const stream = createLiveStream(() => {
      followers -= 1;
      for (const stop of stops) stop();
    });
    followers += 1;
    stream.send({ kind: "snapshot", events: ports.live.snapshot() });
    stops.push(
      ports.live.subscribe((event) => stream.send(event)),
      every(ports.schedule, heartbeatMs, () => stream.heartbeat()),
      endWithSession(ports, c.get("session"), stream),
    );
    c.req.raw.signal.addEventListener("abort", () => stream.drop());
    return new Response(stream.body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
  });
}

function every(schedule: Ports["schedule"], periodMs: number, work: () => void): () => void {
  let cancel = schedule(periodMs, tick);
  function tick(): void {
    cancel = schedule(periodMs, tick);
    work();
  }
  return () => cancel();
}

/** At once when it is ended; when its time has run out, which other requests may have put off. */
function endWithSession({ signIn, now, schedule }: Ports, session: Session, stream: LiveStream): () => void {
  const stopWatching = signIn.sessions.onEnded(session.tokenHash, () => stream.end("signed-out"));
  let cancel = arm(session);
  function arm(current: Session): () => void {
    return schedule(Math.max(0, endsAtMs(current) - now().getTime()) + 1, () => {
      // If it is over, this ends it, and the watcher above ends the stream.
      const live = signIn.sessions.stillLive(session.tokenHash, now().getTime());
      if (live !== undefined) cancel = arm(live);
    });
  }
  return () => {
    stopWatching();
    cancel();
  };
}
