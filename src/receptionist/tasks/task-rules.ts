/** What a task's action brings with it: everything about a kind of task that is no sentence and no list of items. */
import type { Property } from "../../agency/types.ts";
import type { Action, Done } from "../contract.ts";
import type { Draft } from "../draft.ts";
import type { PromptName } from "../flow.ts";
import type { Diary } from "../starts.ts";
import type { Understanding } from "../understanding/understand.ts";

export type TaskRules = {
  /** Takes from the `words` by which it was begun what no item's reader would. @returns what is left for those. */
  begin?(draft: Draft, heard: Understanding, words: string): Understanding;
  /** A listing is named: the question to be put instead of taking it. Left out: every listing will do. */
  takes?(draft: Draft, property: Property): (() => void) | undefined;
  /**
   * Before the next item is asked for. True: something else has been asked or done; "dropped": the task is over, and
   * that has been said.
   */
  next?(draft: Draft): boolean | "dropped";
  /** With which day and time must agree; undefined while it cannot be told. Left out: none. */
  diary?(draft: Draft): Diary | undefined;
  /** All that was agreed to. */
  action(draft: Draft): Action;
  /** For the team to read, where it comes to nothing. */
  about(draft: Draft): string;
  /**
   * Says what came of it. Nothing is called booked before this. "on-duty": the task goes on, once whoever is on duty has
   * been rung for it; "goes-on": with its next question; "asked": with one that has been put.
   */
  tell(draft: Draft, done: Done): "on-duty" | "goes-on" | "asked" | undefined;
  /** Said where it could not be saved. */
  failed: PromptName;
};
