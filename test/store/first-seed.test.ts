import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { importFirstSeed } from "../../src/store/first-seed.ts";
import { type Folders, makeFolders, now, openIn } from "./opened.ts";

/** Each opening is a start of the appliance. */
function starting(folders: Folders) {
  return (seed: string) => {
    const records = openIn(folders);
    try {
      const outcome = importFirstSeed(records, seed, now);
      return { outcome, name: records.agency.catalogue().agency.name, audit: records.verifyAudit().entries };
    } catch (error) {
      if (error instanceof AppError) return { refused: error.code, message: error.message };
      throw error;
    } finally {
      records.close();
    }
  };
}

test("an agency is imported once, also one without listings, and a change of its file is noticed", () => {
  const folders = makeFolders();
  const start = starting(folders);
  const file = join(folders.root, "agency.json");
  writeFileSync(file, JSON.stringify({ agency: { name: "Ours" } }));

  expect(start(file)).toMatchObject({ outcome: "imported", name: "Ours", audit: 1 });
  expect(start(file)).toMatchObject({ outcome: "known", name: "Ours", audit: 1 });
  expect(start("embedded")).toMatchObject({ outcome: "known", name: "Ours", audit: 1 });
  writeFileSync(file, JSON.stringify({ agency: { name: "Theirs" } }));
  expect(start(file)).toMatchObject({ outcome: "ignored", name: "Ours" });
  expect(start(join(folders.root, "gone.json"))).toMatchObject({ outcome: "ignored", name: "Ours" });
  folders.remove();
});

test("the invented agency does not answer real calls: a real one needs a folder of its own", () => {
  const folders = makeFolders();
  const start = starting(folders);
  const file = join(folders.root, "agency.json");
  writeFileSync(file, JSON.stringify({ agency: { name: "Ours" } }));

  expect(start("embedded")).toMatchObject({ outcome: "imported" });
  expect(start("embedded")).toMatchObject({ outcome: "known" });
  expect(start(file)).toMatchObject({ refused: "invalid_config", message: expect.stringContaining("new data folder") });
  folders.remove();
});

test("a seed that is wrong leaves the database empty, for the next try", () => {
  const folders = makeFolders();
  const start = starting(folders);
  const file = join(folders.root, "agency.json");
  writeFileSync(file, JSON.stringify({ agency: { name: "Ours" }, properties: [{ id: "a" }] }));
  expect(start(file)).toMatchObject({ refused: "invalid_config" });
  writeFileSync(file, JSON.stringify({ agency: { name: "Ours" }, properties: [{ id: "a", address: "1 Elm Road" }] }));
  expect(start(file)).toMatchObject({ outcome: "imported" });
  folders.remove();
});
