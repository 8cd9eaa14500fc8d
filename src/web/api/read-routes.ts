/** What managers look at. Each route names the permission it needs; the readers write the audit entry. */
import { Hono } from "hono";
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { WebEnv } from "./env.ts";
import { actorOf, type Needs } from "./needs.ts";
import { parse } from "./parse.ts";
import type { WebReaders } from "./ports.ts";
import { peaksOf, serveRecording } from "./recording.ts";
import type { AppStatus } from "./shapes.ts";

const outcomes = ["booked", "transferred", "message", "emergency", "nothing", "abandoned", "failed"] as const;

const CallsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().min(1).max(200).optional(),
  outcome: z.enum(outcomes).optional(),
});
const CallParam = z.object({ id: z.string().min(1).max(100) });
const daysAtMost = 62;
const DiaryQuery = z
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, { path: ["to"], message: "must not be before `from`" })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) < daysAtMost * 86_400_000, {
    path: ["to"],
    message: `must be within ${daysAtMost} days`,
  });
const PeaksQuery = z.strictObject({ buckets: z.coerce.number().int().min(10).max(2_000).default(600) });

const noCall = () => new AppError("not_found", "There is no such call.");
const noRecording = () => new AppError("not_found", "This call has no recording.");

export function readRoutes(readers: WebReaders, status: () => Promise<AppStatus>, { needs }: Needs) {
  return new Hono<WebEnv>()
    .get("/calls", needs("calls:read"), parse("query", CallsQuery), (c) => {
      const { limit, before, outcome } = c.req.valid("query");
      return c.json(readers.calls(actorOf(c), { limit, before, outcome }));
    })
    .get("/calls/:id", needs("calls:read"), parse("param", CallParam), (c) => {
      const detail = readers.call(actorOf(c), c.req.valid("param").id);
      if (detail === undefined) throw noCall();
      return c.json(detail);
    })
    .get("/calls/:id/signalling", needs("signalling:read"), parse("param", CallParam), (c) => {
      const signalling = readers.signalling(actorOf(c), c.req.valid("param").id);
      if (signalling === undefined) throw noCall();
      return c.json(signalling);
    })
    .get("/calls/:id/recording", needs("recordings:read"), parse("param", CallParam), (c) => {
      const recording = readers.recording(actorOf(c), c.req.valid("param").id, "listen");
      if (recording === undefined) throw noRecording();
      return serveRecording(recording, c.req.header("range"), c.req.method);
    })
    .get(
      "/calls/:id/peaks",
      needs("recordings:read"),
      parse("param", CallParam),
      parse("query", PeaksQuery),
      async (c) => {
        const recording = readers.recording(actorOf(c), c.req.valid("param").id, "outline");
        if (recording === undefined) throw noRecording();
        return c.json(await peaksOf(recording, c.req.valid("query").buckets));
      },
    )
    .get("/viewings", needs("diary:read"), parse("query", DiaryQuery), (c) => {
      const { from, to } = c.req.valid("query");
      return c.json(readers.diary(actorOf(c), from, to));
    })
    .get("/properties", needs("properties:read"), (c) => c.json({ properties: readers.properties(actorOf(c)) }))
    .get("/status", needs("status:read"), async (c) => c.json(await status()));
}
