/** A record whose optional fields are `undefined`, as its row, where they are NULL. */
export type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] };

export function toRow<T extends object>(record: T): Nullable<T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, value ?? null])) as Nullable<T>;
}

export function fromRow<T extends object>(row: Nullable<T>): T {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined])) as T;
}
