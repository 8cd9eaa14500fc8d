import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createImportListings } from "../../src/agency/listings/import-listings.ts";
import { parseSeed } from "../../src/agency/seed.ts";
import { AppError } from "../../src/app-error.ts";
import { createLog } from "../../src/log.ts";
import { watchListFolder } from "../../src/ops/list-folder.ts";
import { blmOf, blmRow } from "../agency/listings/blm-file.ts";
import { makeOffice, now } from "../store/opened.ts";

const seed = parseSeed({ properties: [{ id: "5012_MAPLE14", address: "14 Maple Road", postcode: "M21 4WB" }] });

let office: ReturnType<typeof makeOffice>;
let folder: string;
let log: string[];
let fire: () => void;
let failing: AppError | undefined;
/** Of lists that hold this. */
let failingWhere: string;
let mapping: string | undefined;
let watching: { close(): void };
let scheduled: () => void;

beforeEach(async () => {
  office = makeOffice(seed);
  folder = mkdtempSync(join(tmpdir(), "gatehouse-lists-"));
  [log, failing, failingWhere, mapping] = [[], undefined, "", undefined];
  const { store, listings, audit, importedLists } = office.records;
  const importListings = createImportListings({ work: store, listings, audit });
  const first = new Promise<void>((resolve) => {
    scheduled = resolve;
  });
  watching = watchListFolder({
    folder,
    everyMs: 30_000,
    mapping: async () => mapping,
    importList(list) {
      if (failing !== undefined && Buffer.from(list.bytes).includes(failingWhere)) throw failing;
      return importListings({ ...list, list: "listings", dryRun: false, yes: false }, { kind: "system" }, now);
    },
    digestOf: (bytes) => createHash("sha256").update(bytes).digest("hex"),
    lists: importedLists,
    clock: () => now,
    schedule(_afterMs, then) {
      fire = then;
      scheduled();
      return () => undefined;
    },
    log: createLog(
      (line) => log.push(line),
      () => "",
    ),
  });
  await first;
});
afterEach(() => {
  watching.close();
  office.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The clock is turned to the next look, and the look waited for. */
async function look(times = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    const done = new Promise<void>((resolve) => {
      scheduled = resolve;
    });
    fire();
    await done;
  }
}
let writes = 0;
function put(name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(path, text);
  utimesSync(path, 1_700_000_000 + ++writes, 1_700_000_000 + writes); // two writes within one tick are two
}
const lists = () => office.records.importedLists.latest(10);
const prices = () =>
  Object.fromEntries(office.records.agency.catalogue().properties.map(({ id, price }) => [id, price]));

test("a list is imported once it rests, and never again until it changes; its rejects are kept", async () => {
  put("homes.blm", blmOf([blmRow(), blmRow({ AGENT_REF: "5012_B", PRICE: "" })]));
  await look();
  expect(lists()).toEqual([]);
  await look();
  expect(prices()).toEqual({ "5012_MAPLE14": 395_000 });
  expect(lists()).toMatchObject([
    { file: "homes.blm", problem: null, report: { changed: 1, rejects: [{ reference: "5012_B", field: "PRICE" }] } },
  ]);
  const { entries } = office.records.verifyAudit();
  await look(3);
  put("homes.blm", blmOf([blmRow(), blmRow({ AGENT_REF: "5012_B", PRICE: "" })])); // the same once more
  await look(2);
  expect(office.records.verifyAudit().entries).toBe(entries);
  put("homes.blm", blmOf([blmRow({ PRICE: "1000" })]));
  await look(2);
  expect(prices()).toEqual({ "5012_MAPLE14": 1_000 });
});

test("a list that is refused is said so, and read when it has changed", async () => {
  const whole = blmOf([blmRow()]);
  put("homes.blm", whole.replace("#END#", ""));
  await look(2);
  expect(lists()).toMatchObject([{ file: "homes.blm", report: null, problem: expect.stringContaining("cut off") }]);
  put("homes.blm", whole);
  await look(2);
  expect(lists()).toMatchObject([{ problem: null }]);
});

test("one that would withdraw more than half is left to a person", async () => {
  put("homes.blm", blmOf([blmRow({ AGENT_REF: "5012_OTHER" })]));
  await look(2);
  expect(lists()).toMatchObject([{ problem: expect.stringContaining("--yes") }]);
  expect(prices()).toEqual({ "5012_MAPLE14": 0 });
});

test("a disk that fails is tried again, and complained of once", async () => {
  put("homes.blm", blmOf([blmRow()]));
  failing = new AppError("storage_failed", "the disk is full");
  await look(4);
  expect(lists()).toEqual([]);
  expect(log.filter((line) => line.includes('"error"'))).toHaveLength(1);
  failing = undefined;
  await look();
  expect(prices()).toEqual({ "5012_MAPLE14": 395_000 });
});

test("a folder that is gone is waited for; a link in it is not followed", async () => {
  const elsewhere = join(folder, "..", `${folder.split("/").at(-1)}-other.blm`);
  writeFileSync(elsewhere, blmOf([blmRow()]));
  symlinkSync(elsewhere, join(folder, "link.blm"));
  await look(3);
  expect(lists()).toEqual([]);
  rmSync(elsewhere);
  rmSync(folder, { recursive: true });
  await look(3);
  expect(log.filter((line) => line.includes("cannot be read"))).toHaveLength(1);
});

test("one that cannot be read does not hold up a newer one, and does not come after it", async () => {
  put("old.blm", blmOf([blmRow({ PRICE: "7777" })]));
  put("new.blm", blmOf([blmRow({ PRICE: "8888" })]));
  [failing, failingWhere] = [new AppError("storage_failed", "no permission"), "7777"];
  await look(2);
  expect(prices()).toEqual({ "5012_MAPLE14": 8_888 });
  expect(log.filter((line) => line.includes('"error"'))).toHaveLength(1);
  failing = undefined;
  await look(3);
  expect(prices()).toEqual({ "5012_MAPLE14": 8_888 });
});

test("the same list once more is read again if its mapping was mended meanwhile", async () => {
  const csv = "Ref,Address,Post Code,Kind,Cost,Bedrooms\n5012_MAPLE14,14 Maple Road,M21 4WB,Sale,9999,3\n";
  mapping = '{"columns":{"price":"Price"}}';
  put("homes.csv", csv);
  await look(2);
  expect(lists()).toMatchObject([{ problem: expect.stringContaining("Price") }]);
  mapping = '{"columns":{"price":"Cost"}}';
  put("homes.csv", csv);
  await look(2);
  expect(lists()).toMatchObject([{ problem: null }]);
  expect(prices()).toEqual({ "5012_MAPLE14": 9_999 });
});
