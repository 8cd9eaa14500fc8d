/** What a stopped appliance keeps, opened with its key. */
import { extractNatives, sqliteBinding } from "../../src/embedded/natives.ts";
import { openStore, type Records } from "../../src/store/open-store.ts";
import type { Folders } from "./appliance.ts";

export function withRecords<T>({ data, key }: Folders, read: (records: Records) => T): T {
  const nativeBinding = sqliteBinding(extractNatives(data));
  const records = openStore({ dataDir: data, keyFile: key, nativeBinding, clock: () => new Date() });
  try {
    return read(records);
  } finally {
    records.close();
  }
}
