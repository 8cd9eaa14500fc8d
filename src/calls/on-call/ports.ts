/** Emergencies that somebody must take, as they are kept. */
import type { Actor } from "../../agency/types.ts";
import type { Emergency } from "../../receptionist/contract.ts";
import type { NotTaken } from "./machine.ts";

export type OnCallAlert = {
  readonly id: string;
  readonly callId: string;
  readonly emergency: Emergency;
  /** Of the listings; undefined where the caller had named none. */
  readonly propertyId: string | undefined;
  /** ISO 8601, UTC; so are the others. */
  readonly raisedAt: string;
  /** Telephones rung in vain so far. */
  readonly tries: number;
  readonly lastTriedAt: string | undefined;
  readonly acknowledgedAt: string | undefined;
  /** "extension 202", or "command line". */
  readonly acknowledgedBy: string | undefined;
};

/** Each has committed, its audit entry too, when it returns. @throws AppError("storage_failed"). */
export interface OnCallBooks {
  tried(alertId: string, extension: string, result: NotTaken): void;
  taken(alertId: string, extension: string): void;
}

export interface OnCallRecords {
  /** One for each call and kind of emergency: said again in that call, it is the same. @returns undefined then. */
  raise(
    alert: Pick<OnCallAlert, "callId" | "emergency" | "propertyId">,
    actor: Actor,
    at: Date,
  ): OnCallAlert | undefined;
  byId(id: string): OnCallAlert | undefined;
  tried(id: string, extension: string, result: NotTaken, at: Date): void;
  /** @returns whether it was open until now. */
  acknowledge(id: string, by: string, actor: Actor, at: Date): boolean;
  /** Oldest first. */
  open(): OnCallAlert[];
  /** Newest first, acknowledged ones too. */
  list(limit: number): OnCallAlert[];
}
