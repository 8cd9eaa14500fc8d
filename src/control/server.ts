/** The appliance's side of `<data>/control.sock`: JSON over HTTP, for the owner of the data directory only. */
import { chmodSync, existsSync, lstatSync, unlinkSync } from "node:fs";
import { Hono } from "hono";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { isAnswered } from "./client.ts";
import type { ControlPorts, ListToImport } from "./ports.ts";

const listLimit = 200;
/** Events that a reader of `follow` may lag behind before it is cut off. */
const followQueue = 1_000;
/** An empty line, so that no side takes a quiet office for a dead connection (Bun closes after 10 s without a byte). */
const heartbeatMs = 4_000;

/** Whoever can open the socket is the owner of the data directory: mode 0600. */
export function controlApp(ports: ControlPorts): Hono {
  const actor = { kind: "cli", uid: process.getuid?.() ?? -1 } as const;
  return new Hono()
    .get("/status", async (c) => c.json(await ports.status()))
    .get("/calls", (c) => c.json(ports.readers.calls(actor, limitOf(c.req.query("limit")))))
    .get("/calls/:id", (c) => {
      const call = ports.readers.call(actor, c.req.param("id"));
      return call ? c.json(call) : c.json(noCall, 404);
    })
    .get("/calls/:id/signalling", (c) => {
      const signalling = ports.readers.signalling(actor, c.req.param("id"));
      return signalling ? c.json(signalling) : c.json(noCall, 404);
    })
    .get("/viewings", (c) => c.json(ports.readers.viewings(actor)))
    .get("/follow", () => {
      ports.readers.following(actor);
      return new Response(follow(ports.live), { headers: { "content-type": "application/x-ndjson" } });
    })
    .get("/on-call", (c) => c.json(ports.onCall.list(actor, limitOf(c.req.query("limit")))))
    .post("/on-call/:id/acknowledge", (c) => c.json(ports.onCall.acknowledge(actor, c.req.param("id"))))
    .post("/drain", (c) => c.json(ports.maintenance.drain(actor, isOn(c.req.query("on")))))
    .post("/import", async (c) => c.json(ports.importListings(await listIn(c.req.raw), actor)))
    .get("/feeds", (c) => c.json(ports.feeds.list()))
    .post("/feeds", async (c) => c.json(ports.feeds.create(await wantedFeed(c.req.raw), actor)))
    .post("/feeds/:id/revoke", (c) => {
      ports.feeds.revoke(c.req.param("id"), actor);
      return c.json({});
    })
    .post("/sip-trace", (c) => {
      ports.maintenance.trace(actor, isOn(c.req.query("on")));
      return c.json({});
    })
    .get("/sip-trace", (c) => c.json(ports.maintenance.traced(actor)))
    .post("/sign-in-link", (c) => c.json(ports.signInLink(actor, c.req.query("email"))))
    .notFound((c) => c.json({ code: "not_found", message: "There is nothing of that name." }, 404))
    .onError((error, c) => {
      if (error instanceof AppError) return c.json({ code: error.code, message: error.message }, 409);
      ports.failed(error); // never rethrown: Bun would print its text, which might quote a caller
      return c.json(
        { code: "storage_failed", message: "Something went wrong in the appliance. Its log says where." },
        500,
      );
    });
}

const noCall = { code: "not_found", message: "There is no call with this id." };

function isOn(text: string | undefined): boolean {
  if (text !== "1" && text !== "0") throw new AppError("invalid_input", "on: expected 1 or 0.");
  return text === "1";
}

function limitOf(text: string | undefined): number {
  const limit = Number(text ?? 20);
  if (!Number.isInteger(limit) || limit < 1) throw new AppError("invalid_input", "--limit: expected a whole number.");
  return Math.min(limit, listLimit);
}

const ImportBody = z.strictObject({
  file: z.base64(),
  mapping: z.string().optional(),
  list: z.string(),
  dryRun: z.boolean(),
  yes: z.boolean(),
});

async function listIn(request: Request): Promise<ListToImport> {
  const parsed = ImportBody.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) throw new AppError("invalid_input", "The list to import could not be read.");
  const { file, mapping, ...rest } = parsed.data;
  return { ...rest, mapping, bytes: Buffer.from(file, "base64") };
}

const FeedBody = z.strictObject({ staff: z.string().max(200), label: z.string().max(1_000) });

async function wantedFeed(request: Request): Promise<z.infer<typeof FeedBody>> {
  const parsed = FeedBody.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) throw new AppError("invalid_input", "The feed that is wanted could not be read.");
  return parsed.data;
}

function follow(live: ControlPorts["live"]): ReadableStream<Uint8Array> {
  const encode = new TextEncoder();
  let stop: () => void = () => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (line: string) => {
          if ((controller.desiredSize ?? 0) <= 0) {
            stop();
            controller.error(new AppError("too_many", "the reader was too slow"));
            return;
          }
          controller.enqueue(encode.encode(`${line}\n`));
        };
        for (const event of live.snapshot()) write(JSON.stringify(event));
        const unsubscribe = live.subscribe((event) => write(JSON.stringify(event)));
        const beat = setInterval(() => write(""), heartbeatMs);
        stop = () => {
          unsubscribe();
          clearInterval(beat);
        };
      },
      cancel: () => stop(),
    },
    { highWaterMark: followQueue },
  );
}

export const alreadyRunning = (path: string) =>
  new AppError(
    "already_running",
    `A gatehouse is already running on this data directory (${path}). Stop it first, or use another --data.`,
  );

/** Of sun_path, its ending zero included (unix(7)); Bun cuts off what is longer and says nothing. */
const socketPathBytes = 108;

/** @throws AppError("invalid_config") if the socket's path would be too long for the system. */
export function refuseLongPath(path: string): void {
  if (Buffer.byteLength(path) < socketPathBytes) return;
  throw new AppError(
    "invalid_config",
    `${path} is too long for a socket (${socketPathBytes - 1} bytes at most): use a shorter data directory.`,
  );
}

/** @throws AppError("already_running") if another appliance answers on this socket. */
export async function startControl(path: string, app: Hono): Promise<{ close(): Promise<void> }> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined) {
    if (!there.isSocket()) throw new AppError("invalid_config", `${path} is not our socket: move it away.`);
    if (await isAnswered(path)) throw alreadyRunning(path);
    unlinkSync(path); // left behind by a crash
  }
  const previous = process.umask(0o177);
  try {
    const server = Bun.serve({
      unix: path,
      development: false, // no error pages with our source in them
      fetch: (request, server) => serveOne(app, request, server),
      error: () => new Response(null, { status: 500 }),
    });
    chmodSync(path, 0o600);
    return {
      async close() {
        await server.stop(true);
        if (existsSync(path)) unlinkSync(path);
      },
    };
  } finally {
    process.umask(previous);
  }
}

/** `follow` may be silent for hours between calls: no idle timeout on this socket. */
function serveOne(app: Hono, request: Request, server: { timeout(request: Request, seconds: number): void }) {
  server.timeout(request, 0);
  return app.fetch(request);
}
