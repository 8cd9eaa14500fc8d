/** What agency IT switches on the System page: draining, and the trace of SIP messages. Each is audited before it happens. */
import { Hono } from "hono";
import { z } from "zod";
import { traceText } from "../../sip/trace/text.ts";
import type { WebEnv } from "./env.ts";
import { actorOf, type Needs } from "./needs.ts";
import { parse } from "./parse.ts";
import type { WebMaintenance } from "./ports.ts";

const SwitchBody = z.strictObject({ on: z.boolean() });

export function maintenanceRoutes(maintenance: WebMaintenance, { needs }: Needs) {
  return new Hono<WebEnv>()
    .post("/maintenance/drain", needs("system:manage"), parse("json", SwitchBody), (c) =>
      c.json(maintenance.drain(actorOf(c), c.req.valid("json").on)),
    )
    .post("/maintenance/trace", needs("system:manage"), parse("json", SwitchBody), (c) => {
      maintenance.trace(actorOf(c), c.req.valid("json").on);
      return c.body(null, 204);
    })
    .get("/maintenance/trace", needs("system:manage"), (c) => c.json(maintenance.traced(actorOf(c))))
    .get("/maintenance/trace.txt", needs("system:manage"), (c) => {
      const { messages } = maintenance.traced(actorOf(c));
      c.header("content-disposition", 'attachment; filename="gatehouse-sip-trace.txt"');
      return c.text(traceText(messages));
    });
}
