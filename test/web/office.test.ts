/** Tasks, contacts and open questions over the real routes and the real store. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { CallDetail, ContactTimeline, TaskList } from "../../src/web/api/shapes.ts";
import { addCall, type OpenWeb, openWeb, ourPage } from "./harness.ts";

let web: OpenWeb;
let headers: { cookie: string };
const at = new Date("2026-11-24T10:01:00Z");
const noted = { task: null, slots: {}, answered: [], unanswered: ["service-charge"], misses: 0, holding: false };

beforeAll(async () => {
  web = openWeb();
  headers = await web.enter();
  addCall(web, {
    id: "c1",
    at,
    number: "+447700900456",
    outcome: "nothing",
    turns: [{ said: "Hello." }, { heard: "what is the service charge?", said: "The team can tell you.", noted }],
  });
  const task = { propertyId: undefined, forWhom: undefined, due: "2026-11-25T09:00" };
  const who = { name: "Robin Hart", phone: "+447700900456", callId: undefined };
  web.createTask({ ...task, ...who, kind: "details", about: "Send the brochure" }, { kind: "system" }, at);
});
afterAll(() => web.close());

const get = async <T>(path: string): Promise<T> => (await (await web.request(path, { headers })).json()) as T;
const send = async (method: string, path: string, body: object) =>
  await web.request(path, {
    method,
    body: JSON.stringify(body),
    headers: { ...ourPage, ...headers, "content-type": "application/json" },
  });
const open = async () => (await get<TaskList>("/api/tasks")).tasks;

describe("the office", () => {
  test("a call shows what was made of it, and the task that follows", async () => {
    const { after, tasks } = await get<CallDetail>("/api/calls/c1");
    expect(after).toEqual({
      summary: "Nothing was arranged. Asked about the service charge (not answered).",
      score: 100,
      reasons: [],
      unanswered: ["Service charge"],
    });
    expect(tasks).toMatchObject([{ kind: "question", status: "open", callId: "c1", callerNumber: "+447700900456" }]);
  });

  test("tasks: given to somebody, done, and open again", async () => {
    const [question, brochure] = await open();
    expect([brochure?.about, question?.kind]).toEqual(["Send the brochure", "question"]);
    const { staff } = await get<TaskList>("/api/tasks");
    const path = `/api/tasks/${brochure?.id}`;
    expect((await send("PUT", `${path}/assignee`, { staffId: staff[0]?.id })).status).toBe(204);
    expect((await open())[1]?.forWhom).toBe(staff[0]?.name ?? "nobody");
    expect((await send("PUT", `${path}/status`, { status: "done" })).status).toBe(204);
    expect((await open()).map(({ id }) => id)).toEqual([question?.id ?? ""]);
    expect((await get<TaskList>("/api/tasks?status=done")).tasks.map(({ id }) => id)).toEqual([brochure?.id ?? ""]);
    expect((await send("PUT", `${path}/status`, { status: "open" })).status).toBe(204);
    const actors = web.audit().filter(({ action }) => /^task\.(assign|done|reopen)$/.test(action));
    expect(actors.map(({ action }) => action)).toEqual(["task.assign", "task.done", "task.reopen"]);
    expect(actors.every(({ actor }) => actor.startsWith("user:"))).toBe(true);
  });

  test.each([
    ["PUT", "/api/tasks/none/status", { status: "done" }, 404],
    ["PUT", "/api/tasks/none/status", { status: "gone" }, 400],
    ["PUT", "/api/tasks/none/assignee", { staffId: "nobody" }, 400],
    ["PUT", "/api/tasks/none/assignee", {}, 400],
    ["POST", "/api/contacts/find", { text: "x".repeat(101) }, 400],
  ])("%s %s is refused", async (method, path, body, status) => {
    expect((await send(method, path, body)).status).toBe(status);
  });

  test("a change from another site's page is refused", async () => {
    const foreign = { ...headers, "content-type": "application/json", origin: "https://evil.test" };
    const [task] = await open();
    const body = JSON.stringify({ status: "done" });
    const response = await web.request(`/api/tasks/${task?.id}/status`, { method: "PUT", body, headers: foreign });
    expect(response.status).toBe(403);
    expect((await open())[0]?.id).toBe(task?.id ?? "");
  });

  test("a contact is found by number, and read with all that is known, audited by id", async () => {
    const found = (await (await send("POST", "/api/contacts/find", { text: "07700 900456" })).json()) as {
      contacts: { id: string; name: string }[];
    };
    expect(found.contacts.map(({ name }) => name)).toEqual(["Robin Hart"]);
    const id = found.contacts[0]?.id ?? "";
    const { entries } = await get<ContactTimeline>(`/api/contacts/${id}`);
    expect(entries.map(({ kind }) => kind).sort()).toEqual(["call", "task"]);
    expect(web.audit().at(-1)).toMatchObject({ action: "contact.read", subjects: JSON.stringify({ contact: id }) });
    expect((await web.request("/api/contacts/none", { headers })).status).toBe(404);
  });

  test("what callers asked in vain", async () => {
    expect(await get<object>("/api/unanswered?days=7")).toEqual({
      topics: [
        {
          topic: "service-charge",
          title: "Service charge",
          count: 1,
          lastAt: at.toISOString(),
          calls: [{ id: "c1", startedAt: at.toISOString() }],
        },
      ],
    });
  });
});
