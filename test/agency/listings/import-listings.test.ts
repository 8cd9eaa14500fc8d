import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createImportListings } from "../../../src/agency/listings/import-listings.ts";
import { parseSeed } from "../../../src/agency/seed.ts";
import { AppError } from "../../../src/app-error.ts";
import { registerOf } from "../../../src/receptionist/understanding/register.ts";
import { makeOffice, now } from "../../store/opened.ts";
import { blmOf, blmRow } from "./blm-file.ts";

const seed = parseSeed({
  properties: [
    {
      id: "5012_MAPLE14",
      address: "14 Maple Road",
      postcode: "M21 4WB",
      managed: true,
      noticeHours: 24,
      facts: { epc: "D", tenure: "freehold" },
    },
    { id: "5012_ELM2", address: "2 Elm Close", postcode: "M21 4WB", price: 200_000 },
    { id: "5012_OLD", address: "1 Old Street", postcode: "M21 4WB", status: "occupied" },
  ],
});
const actor = { kind: "cli", uid: 0 } as const;

let office: ReturnType<typeof makeOffice>;
let imports: number;
beforeEach(() => {
  office = makeOffice(seed);
  imports = 0;
});
afterEach(() => office.close());

function bringIn(text: string, over: object = {}) {
  const { store, listings, audit } = office.records;
  const imported = () => {
    imports++;
    office.view.refresh();
  };
  const importListings = createImportListings({ work: store, listings, audit, imported });
  const request = { bytes: new TextEncoder().encode(text), digest: "d1", mapping: undefined, list: "listings" };
  return importListings({ ...request, dryRun: false, yes: false, ...over }, actor, now);
}
const homes = () => Object.fromEntries(office.view.properties().map((property) => [property.id, property]));
const entries = () => office.records.verifyAudit().entries;

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

const elm = blmRow({ AGENT_REF: "5012_ELM2", ADDRESS_1: "2 Elm Close", PRICE: "200000", BEDROOMS: "2" });
const fresh = blmRow({ AGENT_REF: "5012_NEW", ADDRESS_1: "9 Willow Walk" });

describe("importing a list", () => {
  test("adds, brings up to date, keeps what the list does not know, and is heard of at once", () => {
    expect(bringIn(blmOf([blmRow({ PRICE: "385000" }), elm, fresh]))).toMatchObject({
      format: "blm",
      added: 1,
      changed: 2,
      unchanged: 0,
      withdrawn: 0,
      rejects: [],
    });
    expect(homes()["5012_MAPLE14"]).toMatchObject({ price: 385_000, managed: true, noticeHours: 24 });
    expect(homes()["5012_MAPLE14"]?.facts).toMatchObject({ epc: "D", tenure: "leasehold" });
    expect(registerOf(office.view.properties()).byKey.get("willow walk")?.places).toHaveLength(1);
    expect(imports).toBe(1);
    const last = office.records.store.db.prepare("SELECT * FROM audit ORDER BY id DESC LIMIT 1").get();
    expect(last).toMatchObject({ action: "properties.import", actor_kind: "cli" });
  });

  test("the same list again changes nothing", () => {
    const list = blmOf([blmRow(), elm]);
    bringIn(list);
    expect(bringIn(list)).toMatchObject({ added: 0, changed: 0, unchanged: 2, withdrawn: 0 });
  });

  test("a fact that the list tells no longer is one no longer", () => {
    bringIn(blmOf([blmRow({ COUNCIL_TAX_BAND: "C" }), elm]));
    bringIn(blmOf([blmRow({ COUNCIL_TAX_BAND: "" }), elm]));
    expect(homes()["5012_MAPLE14"]?.facts["council-tax"]).toBeUndefined();
    expect(homes()["5012_MAPLE14"]?.facts.epc).toBe("D");
  });

  test("withdraws what is gone, but not what is lived in; and offers it again when it is back", () => {
    bringIn(blmOf([blmRow(), elm, fresh]));
    expect(bringIn(blmOf([blmRow(), elm]))).toMatchObject({ withdrawn: 1 });
    expect(homes()["5012_NEW"]?.status).toBe("withdrawn");
    expect(homes()["5012_OLD"]?.status).toBe("occupied");
    expect(bringIn(blmOf([blmRow(), elm]))).toMatchObject({ withdrawn: 0 });
    expect(bringIn(blmOf([blmRow(), elm, fresh]))).toMatchObject({ changed: 1 });
    expect(homes()["5012_NEW"]?.status).toBe("available");
  });

  test("refuses to withdraw more than half, unless somebody says yes", () => {
    bringIn(blmOf([blmRow(), elm, fresh]));
    const before = [homes(), entries()];
    expect(refusal(() => bringIn(blmOf([fresh])))).toBe(
      "conflict: 2 of 3 homes are not in this file and would be withdrawn. If it is the whole list, say --yes.",
    );
    expect(refusal(() => bringIn(blmOf([])))).toStartWith("conflict");
    expect([homes(), entries()]).toEqual(before);
    expect(bringIn(blmOf([fresh]), { dryRun: true })).toMatchObject({ withdrawn: 2 });
    expect(bringIn(blmOf([fresh]), { yes: true })).toMatchObject({ withdrawn: 2 });
  });

  test("a rejected row leaves its home as it was", () => {
    const report = bringIn(blmOf([{ ...blmRow(), PRICE: "" }, elm]));
    expect(report).toMatchObject({ withdrawn: 0, rejects: [{ reference: "5012_MAPLE14", field: "PRICE" }] });
    expect(homes()["5012_MAPLE14"]?.status).toBe("available");
  });

  test("a dry run writes nothing", () => {
    const before = [homes(), entries()];
    expect(bringIn(blmOf([blmRow(), elm, fresh]), { dryRun: true })).toMatchObject({ added: 1, changed: 2 });
    office.view.refresh();
    expect([homes(), entries()]).toEqual(before);
    expect(imports).toBe(0);
  });

  test("several lists do not withdraw each other's homes, nor take them over", () => {
    bringIn(blmOf([blmRow(), elm]));
    const sale = blmOf([blmRow({ AGENT_REF: "7_A" }), elm]);
    expect(bringIn(sale, { list: "didsbury" })).toMatchObject({
      added: 1,
      withdrawn: 0,
      rejects: [{ reference: "5012_ELM2", reason: 'it belongs to the list "listings"' }],
    });
    expect(bringIn(blmOf([blmRow(), elm]))).toMatchObject({ withdrawn: 0 });
    expect(homes()["7_A"]?.status).toBe("available");
    expect(refusal(() => bringIn(sale, { list: "A list!" }))).toStartWith("invalid_input");
  });

  test("a write that fails leaves the old list whole", () => {
    office.records.store.db.exec(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON property WHEN new.id = '5012_NEW' BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    const before = [homes(), entries()];
    expect(() => bringIn(blmOf([blmRow({ PRICE: "1000" }), elm, fresh]))).toThrow("full");
    office.view.refresh();
    expect([homes(), entries()]).toEqual(before);
    expect(imports).toBe(0);
  });

  test("CSV with a mapping goes the same way", () => {
    const text =
      "Ref,Where,PC,Price,Beds\n5012_MAPLE14,14 Maple Road,M21 4WB,390000,3\n5012_ELM2,2 Elm Close,M21 4WB,1,2\n";
    const mapping = '{"columns": {"address": "Where", "postcode": "PC"}, "values": {"kind": {"always": "sale"}}}';
    expect(bringIn(text, { mapping })).toMatchObject({ format: "csv", changed: 2, withdrawn: 0 });
    expect(homes()["5012_MAPLE14"]).toMatchObject({ price: 390_000, facts: { epc: "D", tenure: "freehold" } });
  });
});
