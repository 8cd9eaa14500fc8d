import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { OfficeTask } from "../../src/agency/enquiries.ts";
import { createManageTask, type ManageTask } from "../../src/agency/manage-task.ts";
import type { Actor } from "../../src/agency/types.ts";
import { makeOffice, now } from "../store/opened.ts";

let office: ReturnType<typeof makeOffice>;
let manage: ManageTask;
const user: Actor = { kind: "user", userId: "u1" };

const task = (id: string, over: Partial<OfficeTask> = {}): OfficeTask => ({
  id,
  kind: "call-back",
  contactId: undefined,
  propertyId: undefined,
  viewingId: undefined,
  about: `Ring about ${id}`,
  forWhom: undefined,
  due: undefined,
  status: "open",
  callId: undefined,
  ...over,
});

beforeEach(() => {
  office = makeOffice();
  const { store: work, board, audit, tasks } = office.records;
  manage = createManageTask({ work, board, audit, catalogue: office.view.catalogue });
  tasks.put(task("later", { due: "2026-11-26T10:00" }), now);
  tasks.put(task("soon", { due: "2026-11-24T12:00", forWhom: "Beth from sales" }), now);
  tasks.put(task("whenever"), now);
  tasks.put(task("gone", { status: "cancelled" }), now);
});
afterEach(() => office.close());

const list = (status: "open" | "done") => office.records.board.list(status, 100);
const ids = (status: "open" | "done") => list(status).map(({ id }) => id);
const actions = () =>
  office.records.store.db
    .prepare<[], { action: string }>("SELECT action FROM audit WHERE action LIKE 'task.%' ORDER BY id")
    .all()
    .map(({ action }) => action);

describe("tasks", () => {
  test("are listed by when they are due; those without a time last, cancelled ones not", () => {
    expect(ids("open")).toEqual(["soon", "later", "whenever"]);
    expect(ids("done")).toEqual([]);
  });

  test("done and open again, each once and audited", () => {
    manage.done("soon", user, now);
    manage.done("soon", user, now);
    expect(ids("open")).toEqual(["later", "whenever"]);
    expect(list("done")).toMatchObject([{ id: "soon", status: "done", doneAt: now.toISOString() }]);
    manage.reopen("soon", user, now);
    expect(list("open")[0]).toMatchObject({ id: "soon", status: "open", doneAt: null });
    expect(actions()).toEqual(["task.done", "task.reopen"]);
  });

  test("are given to a member of staff, and to nobody in particular", () => {
    const [member] = office.view.catalogue().staff;
    expect(list("open")[0]).toMatchObject({ forWhom: "Beth from sales", staffId: null });
    manage.assign("soon", member?.id ?? "", user, now);
    expect(list("open")[0]).toMatchObject({ forWhom: member?.name, staffId: member?.id });
    manage.assign("soon", null, user, now);
    expect(list("open")[0]).toMatchObject({ forWhom: null, staffId: null });
    expect(actions()).toEqual(["task.assign", "task.assign"]);
  });

  test("nobody of that name, no such task, a cancelled one: refused, and nothing written", () => {
    expect(() => manage.assign("soon", "nobody", user, now)).toThrow("among the staff");
    expect(() => manage.done("none", user, now)).toThrow("no such task");
    expect(() => manage.done("gone", user, now)).toThrow("cancelled");
    expect(() => manage.assign("gone", null, user, now)).toThrow("cancelled");
    expect(actions()).toEqual([]);
  });

  test("without its entry nothing is changed", () => {
    office.records.store.db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect(() => manage.done("soon", user, now)).toThrow("full");
    expect(ids("done")).toEqual([]);
  });
});
