import type { MessageRecords } from "../agency/ports.ts";
import type { Message } from "../agency/types.ts";
import type { Store } from "./connection.ts";

export type Messages = MessageRecords & {
  /** Newest first. */
  list(limit: number): Message[];
  ofCall(callId: string): Message[];
};

type Row = Omit<Message, "forWhom" | "due" | "callId"> & {
  forWhom: string | null;
  due: string | null;
  callId: string | null;
};

const columns = "id, name, phone, about, for_whom AS forWhom, due, call_id AS callId, taken_at AS takenAt";

/** Runs inside the caller's transaction. */
export function messageRepository({ db }: Store): Messages {
  const add = db.prepare<[Row]>(
    `INSERT INTO message (id, name, phone, about, for_whom, due, call_id, taken_at)
     VALUES (@id, @name, @phone, @about, @forWhom, @due, @callId, @takenAt)`,
  );
  const list = db.prepare<[number], Row>(`SELECT ${columns} FROM message ORDER BY taken_at DESC, id LIMIT ?`);
  const ofCall = db.prepare<[string], Row>(`SELECT ${columns} FROM message WHERE call_id = ? ORDER BY taken_at, id`);
  return {
    add: ({ forWhom, due, callId, ...message }) =>
      void add.run({ ...message, forWhom: forWhom ?? null, due: due ?? null, callId: callId ?? null }),
    list: (limit) => list.all(limit).map(messageOf),
    ofCall: (callId) => ofCall.all(callId).map(messageOf),
  };
}

const messageOf = ({ forWhom, due, callId, ...row }: Row): Message => ({
  ...row,
  ...(due === null ? {} : { due }),
  forWhom: forWhom ?? undefined,
  callId: callId ?? undefined,
});
