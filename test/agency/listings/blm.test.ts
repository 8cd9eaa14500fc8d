import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isBlm, readBlm } from "../../../src/agency/listings/blm.ts";
import { blmAddress } from "../../../src/agency/listings/blm-codes.ts";
import { AppError } from "../../../src/app-error.ts";
import { blmOf, blmRow } from "./blm-file.ts";

function refusal(text: string): string {
  try {
    readBlm(text);
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

describe("a BLM file", () => {
  test("is read by the delimiters of its header", () => {
    const usual = readBlm(blmOf([blmRow()]));
    expect(usual.rejects).toEqual([]);
    expect(usual.warnings).toEqual([]);
    expect(usual.listings).toEqual([
      {
        line: 9,
        id: "5012_MAPLE14",
        address: "14 Maple Road",
        postcode: "M21 4WB",
        kind: "sale",
        status: "available",
        price: 395_000,
        beds: 3,
        type: "semi-detached",
        facts: { "council-tax": "C", tenure: "leasehold", summary: "A house.", features: "Garden, Garage" },
      },
    ]);
    expect(readBlm(blmOf([blmRow()], { eof: "|", eor: ";" })).listings).toEqual(usual.listings);
    expect(readBlm(blmOf([blmRow()]).replaceAll("\n", "\r\n")).listings).toEqual(usual.listings);
    expect(isBlm(blmOf([]))).toBe(true);
    expect(isBlm("Ref,Address")).toBe(false);
  });

  test("that was cut off, or is none, is refused as a whole", () => {
    const whole = blmOf([blmRow()]);
    expect(refusal(whole.replace("#END#", ""))).toContain("cut off");
    expect(refusal(whole.replace("#DATA#", ""))).toContain("sections");
    expect(refusal(whole.replace("Version : 3", "Version : 2"))).toContain('version is "2"');
    expect(refusal(whole.replace("EOF : '^'", "EOF : '~'"))).toContain("the same");
    expect(refusal(whole.replace("EOF : '^'", "EOF : ''"))).toContain("EOF");
    expect(refusal(whole.replace("^PRICE^", "^COST^"))).toContain("lacks PRICE");
  });

  test("with another number of rows than it announces is taken, and said so", () => {
    const { warnings, listings } = readBlm(blmOf([blmRow()], { count: 2 }));
    expect(listings).toHaveLength(1);
    expect(warnings).toEqual(["The header announces 2 properties, the file has 1."]);
  });

  test.each([
    ["without a price", { PRICE: "" }, "PRICE", "missing"],
    ["with a price that is none", { PRICE: "POA" }, "PRICE", '"POA" is not a price'],
    ["without bedrooms", { BEDROOMS: "" }, "BEDROOMS", "missing"],
    ["without the first half of its postcode", { POSTCODE1: "" }, "POSTCODE1", "not whole"],
    ["without the second half", { POSTCODE2: "" }, "POSTCODE2", "not whole"],
    ["with a half that is none", { POSTCODE2: "4WC1" }, "POSTCODE2", "second half"],
    ["with letters that no postcode ends in", { POSTCODE2: "4CI" }, "POSTCODE2", "second half"],
    ["neither sale nor let", { TRANS_TYPE_ID: "3" }, "TRANS_TYPE_ID", "neither"],
    ["of an unknown status", { STATUS_ID: "9" }, "STATUS_ID", "0 to 5"],
    ["without an address", { ADDRESS_1: "" }, "ADDRESS_1", "missing"],
    ["without a reference", { AGENT_REF: "" }, "AGENT_REF", "missing"],
    ["changed on a day that does not exist", { UPDATE_DATE: "2026-02-30 10:00:00" }, "UPDATE_DATE", "YYYY-MM-DD"],
    ["changed at a time that does not exist", { UPDATE_DATE: "2026-02-20 24:00:00" }, "UPDATE_DATE", "YYYY-MM-DD"],
    ["let every other while", { TRANS_TYPE_ID: "2", LET_RENT_FREQUENCY: "4" }, "LET_RENT_FREQUENCY", "0, 1, 2, 3 or 5"],
  ])("a row %s is rejected by its field, the others are taken", (_what, over, field, reason) => {
    const { listings, rejects } = readBlm(blmOf([blmRow(over), blmRow({ AGENT_REF: "5012_OTHER" })]));
    expect(listings.map(({ id }) => id)).toEqual(["5012_OTHER"]);
    expect(rejects).toMatchObject([{ line: 9, field, reason: expect.stringContaining(reason) }]);
  });

  test("a row with too many or too few fields, or a reference that was there before, is rejected", () => {
    const short = { ...blmRow({ AGENT_REF: "5012_SHORT" }) };
    const text = blmOf([blmRow(), blmRow(), short]).replace("5012_SHORT^", "5012_SHORT^^");
    expect(readBlm(text).rejects).toMatchObject([
      { line: 10, reference: "5012_MAPLE14", field: "AGENT_REF", reason: expect.stringContaining("twice") },
      { line: 11, reference: "5012_SHORT", reason: expect.stringContaining("fields where") },
    ]);
  });

  test.each([
    ["0", 300, 1_300],
    ["1", 1_250, 1_250],
    ["", 1_250, 1_250],
    ["2", 3_600, 1_200],
    ["3", 14_400, 1_200],
    ["5", 120, 520],
  ])("rent of frequency %p: %d is %d a month", (frequency, price, pcm) => {
    const over = { TRANS_TYPE_ID: "2", STATUS_ID: "5", LET_RENT_FREQUENCY: frequency, PRICE: String(price) };
    const [let_] = readBlm(blmOf([blmRow({ ...over, LET_DATE_AVAILABLE: "2026-12-01 00:00:00" })])).listings;
    expect(let_).toMatchObject({ kind: "let", status: "let-agreed", price: pcm });
    expect(let_?.facts["available-from"]).toBe("2026-12-01");
    expect(let_?.facts.rent).toBe(frequency === "5" ? "for each person" : undefined);
  });

  test.each([
    ["0", "available"],
    ["1", "sold-stc"],
    ["2", "sold-stc"],
    ["3", "under-offer"],
    ["4", "under-offer"],
    ["5", "let-agreed"],
    ["", "available"],
  ])("status %p is %s", (id, status) => {
    expect(readBlm(blmOf([blmRow({ STATUS_ID: id })])).listings).toMatchObject([{ status }]);
    expect(readBlm(blmOf([blmRow({ STATUS_ID: id, PUBLISHED_FLAG: "0" })])).listings).toMatchObject([
      { status: "withdrawn" },
    ]);
  });

  test.each([
    [["14 Maple Road", "Chorlton"], "14 Maple Road"],
    [["14", "Maple Road"], "14 Maple Road"],
    [["14a", "Maple Road"], "14a Maple Road"],
    [["12-14", "Maple Road"], "12-14 Maple Road"],
    [["Flat 2", "14A High Street"], "Flat 2, 14A High Street"],
    [["Flat 2, 14A High Street", "Chorlton"], "Flat 2, 14A High Street"],
    [["Rose Cottage", "Ivy Lane"], "Rose Cottage, Ivy Lane"],
    [["Maple Road,", ""], "Maple Road"],
  ])("address lines %j are %p", (lines, address) => {
    expect(blmAddress((name) => lines[Number(name.slice(-1)) - 1] ?? "")).toBe(address);
  });

  test("a description over several lines does not shift the rows after it", () => {
    const long = blmRow({ DESCRIPTION: "One.\n\nTwo." });
    const { rejects } = readBlm(blmOf([long, blmRow({ AGENT_REF: "5012_B", PRICE: "" })]));
    expect(rejects).toMatchObject([{ line: 12, reference: "5012_B" }]);
  });

  test("whatever bytes are lost or doubled, it is read or refused, never thrown at", () => {
    const text = blmOf([blmRow(), blmRow({ AGENT_REF: "5012_B" }), blmRow({ AGENT_REF: "5012_C" })]);
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 6 }), (at, cut, put) => {
        const outcome = refusal(text.slice(0, at) + put + text.slice(at + cut));
        expect(outcome).toMatch(/^(nothing thrown|invalid_input: )/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("with codes that every object answers to is taken without them, and nothing is thrown", () => {
    const codes = { PROP_SUB_ID: "constructor", TENURE_TYPE_ID: "constructor", STATUS_ID: "0" };
    const { listings, rejects } = readBlm(blmOf([blmRow(codes), blmRow({ AGENT_REF: "5012_B" })]));
    expect(rejects).toEqual([]);
    expect(listings.map(({ type, facts }) => [type, facts.tenure])).toEqual([
      ["", undefined],
      ["semi-detached", "leasehold"],
    ]);
  });

  test.each([
    ["of section names and nothing else", `#HEADER#${"#DEFINITION#".repeat(100_000)}`],
    ["with a header of blanks", blmOf([blmRow()]).replace("Version : 3", `Version :${" ".repeat(200_000)}x`)],
  ])("%s is refused at once", (_what, text) => {
    const startedMs = performance.now();
    expect(refusal(text)).toStartWith("invalid_input: ");
    // A search that begins anew at each of them takes minutes.
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  test("a reference as long as the file is not told in full", () => {
    const { rejects } = readBlm(blmOf([blmRow({ AGENT_REF: "R".repeat(50_000) })]));
    expect(rejects.map(({ reference }) => reference.length)).toEqual([100]);
  });
});
