/** Tasks, contacts, and what callers asked in vain. Readers and use cases write the audit entries. */
import { Hono } from "hono";
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { WebEnv } from "./env.ts";
import { actorOf, type Needs } from "./needs.ts";
import { parse } from "./parse.ts";
import type { WebOffice } from "./ports.ts";
import type { ContactRow, UnansweredTopic } from "./shapes.ts";

const id = z.string().min(1).max(100);
const IdParam = z.object({ id });
const limit = z.coerce.number().int().min(1).max(500).default(200);
const TasksQuery = z.strictObject({ status: z.enum(["open", "done"]).default("open"), limit });
const UnansweredQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) });
/** What is looked for is in the body: addresses are kept by browsers. */
const FindBody = z.strictObject({ text: z.string().trim().max(100), limit: z.int().min(1).max(500).default(200) });
const StatusBody = z.strictObject({ status: z.enum(["open", "done"]) });
const AssigneeBody = z.strictObject({ staffId: id.nullable() });

export function officeRoutes(office: WebOffice, { needs }: Needs) {
  return new Hono<WebEnv>()
    .get("/tasks", needs("tasks:read"), parse("query", TasksQuery), (c) =>
      c.json(office.tasks(actorOf(c), c.req.valid("query"))),
    )
    .put("/tasks/:id/status", needs("tasks:manage"), parse("param", IdParam), parse("json", StatusBody), (c) => {
      const change = c.req.valid("json").status === "done" ? office.done : office.reopen;
      change(c.req.valid("param").id, actorOf(c));
      return c.body(null, 204);
    })
    .put("/tasks/:id/assignee", needs("tasks:manage"), parse("param", IdParam), parse("json", AssigneeBody), (c) => {
      office.assign(c.req.valid("param").id, c.req.valid("json").staffId, actorOf(c));
      return c.body(null, 204);
    })
    .get("/unanswered", needs("insights:read"), parse("query", UnansweredQuery), (c) =>
      c.json<{ topics: UnansweredTopic[] }>({ topics: office.unanswered(actorOf(c), c.req.valid("query").days) }),
    )
    .post("/contacts/find", needs("contacts:read"), parse("json", FindBody), (c) =>
      c.json<{ contacts: ContactRow[] }>({ contacts: office.contacts(actorOf(c), c.req.valid("json")) }),
    )
    .get("/contacts/:id", needs("contacts:read"), parse("param", IdParam), (c) => {
      const timeline = office.contact(actorOf(c), c.req.valid("param").id);
      if (timeline === undefined) throw new AppError("not_found", "There is no such contact.");
      return c.json(timeline);
    });
}
