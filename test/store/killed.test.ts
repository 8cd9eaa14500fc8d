import { expect, test } from "bun:test";
import { join } from "node:path";
import { type Folders, makeFolders, openIn } from "./opened.ts";

/** Starts the writer, reads at least that many booked ids, kills it with -9. @returns every id that it printed. */
async function bookAndKill({ root, dataDir, keyFile }: Folders, atLeast: number): Promise<string[]> {
  const writer = Bun.spawn([process.execPath, join(import.meta.dir, "booking-writer.ts"), root, dataDir, keyFile], {
    stdout: "pipe",
  });
  let printed = "";
  const decoder = new TextDecoder();
  for await (const piece of writer.stdout) {
    printed += decoder.decode(piece);
    if (printed.split("\n").length > atLeast) writer.kill("SIGKILL");
  }
  await writer.exited;
  return printed.split("\n").slice(0, -1);
}

test.each([1, 7, 60])(
  "kill -9 after %d bookings: all that were said are there, whole, with their entries",
  async (n) => {
    const folders = makeFolders();
    const said = await bookAndKill(folders, n);
    const records = openIn(folders);
    const { db } = records.store;
    const count = (sql: string) => db.prepare<[], { n: number }>(sql).get()?.n ?? -1;

    expect(said.length).toBeGreaterThanOrEqual(n);
    expect(said.filter((id) => records.viewings.byId(id)?.status !== "booked")).toEqual([]);
    // Half a booking never: cells and entry for each viewing, also for the one that was not said any more.
    const viewings = count("SELECT count(*) AS n FROM viewing");
    expect(viewings - said.length).toBeLessThanOrEqual(1);
    expect(count("SELECT count(*) AS n FROM diary_cell")).toBe(viewings * (6 + 9));
    expect(count("SELECT count(*) AS n FROM audit WHERE action = 'viewing.book'")).toBe(viewings);
    expect(records.verifyAudit().intact).toBe(true);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    records.close();
    folders.remove();
  },
);
