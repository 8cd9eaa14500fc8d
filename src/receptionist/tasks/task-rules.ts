/** What a task's action brings with it: everything about a kind of task that is no sentence and no list of items. */
import type { Action, Done } from "../contract.ts";
import type { Draft } from "../draft.ts";
import type { PromptName } from "../flow.ts";
import type { Diary } from "../starts.ts";

export type TaskRules = {
  /** With which day and time must agree; undefined while it cannot be told. Left out: none. */
  diary?(draft: Draft): Diary | undefined;
  /** All that was agreed to. */
  action(draft: Draft): Action;
  /** For the team to read, where it comes to nothing. */
  about(draft: Draft): string;
  /** Says what came of it. Nothing is called booked before this. */
  tell(draft: Draft, done: Done): void;
  /** Said where it could not be saved. */
  failed: PromptName;
};
