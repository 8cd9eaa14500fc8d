/** What the office does with its tasks: who sees to one, and that it is done. */
import { AppError } from "../app-error.ts";
import type { AuditTrail, Catalogue, UnitOfWork } from "./ports.ts";
import type { Actor } from "./types.ts";

type Managed = { id: string; status: "open" | "done" | "cancelled"; forWhom: string | null };

export interface TaskBoardRecords {
  byId(id: string): Managed | undefined;
  /** `doneAt`: ISO, UTC; null for an open one. */
  setStatus(id: string, status: "open" | "done", doneAt: string | null): void;
  /** To a member of staff, by id; null: to nobody in particular. */
  assign(id: string, staffId: string | null): void;
}

/** Twice is the same as once. @throws AppError("not_found"), "conflict" if it was cancelled. */
export type ManageTask = {
  done(id: string, actor: Actor, now: Date): void;
  reopen(id: string, actor: Actor, now: Date): void;
  /** @throws AppError("invalid_input") if there is no such member of staff. */
  assign(id: string, staffId: string | null, actor: Actor, now: Date): void;
};

export function createManageTask(parts: {
  work: UnitOfWork;
  catalogue(): Pick<Catalogue, "staff">;
  board: TaskBoardRecords;
  audit: AuditTrail;
}): ManageTask {
  const { work, board, audit } = parts;

  function live(id: string): Managed {
    const task = board.byId(id);
    if (task === undefined) throw new AppError("not_found", "There is no such task.");
    if (task.status === "cancelled") throw new AppError("conflict", "This task was cancelled meanwhile.");
    return task;
  }

  function become(id: string, status: "open" | "done", actor: Actor, now: Date): void {
    work.withTransaction(() => {
      if (live(id).status === status) return;
      const action = status === "done" ? "task.done" : "task.reopen";
      audit.record({ at: now, actor, action, subjects: { task: id } });
      board.setStatus(id, status, status === "done" ? now.toISOString() : null);
    });
  }

  return {
    done: (id, actor, now) => become(id, "done", actor, now),
    reopen: (id, actor, now) => become(id, "open", actor, now),
    assign(id, staffId, actor, now) {
      if (staffId !== null && !parts.catalogue().staff.some((one) => one.id === staffId)) {
        throw new AppError("invalid_input", "There is nobody of that name among the staff.");
      }
      work.withTransaction(() => {
        if (live(id).forWhom === staffId) return;
        audit.record({ at: now, actor, action: "task.assign", subjects: { task: id, staff: staffId } });
        board.assign(id, staffId);
      });
    },
  };
}
