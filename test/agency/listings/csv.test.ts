import { describe, expect, test } from "bun:test";
import { readCsv } from "../../../src/agency/listings/csv.ts";
import { parseMapping, usualMapping } from "../../../src/agency/listings/csv-mapping.ts";
import { listText } from "../../../src/agency/listings/text.ts";
import { AppError } from "../../../src/app-error.ts";

const head = "Ref,Address,Post Code,Department,Status,Price,Bedrooms,Property Type,Managed";
const row = 'A1,14 Maple Road,m21 4wb,Sales,For Sale,"£395,000",3,Semi,no';

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}
const read = (text: string, mapping = usualMapping()) => readCsv(text, mapping);

describe("a CSV", () => {
  const taken = {
    line: 2,
    id: "A1",
    address: "14 Maple Road",
    postcode: "M21 4WB",
    kind: "sale",
    status: "available",
    price: 395_000,
    beds: 3,
    type: "semi",
    managed: false,
    facts: {},
  } as const;

  test.each([
    ["as the standard has it", `${head}\r\n${row}\r\n`],
    ["with line feeds and no end", `${head}\n${row}`],
    ["with a byte order mark", `\uFEFF${head}\n${row}`],
    ["with semicolons", `${head}\n${row}`.replaceAll(",", ";").replace("£395;000", "£395,000")],
    ["with tabs", `${head}\n${row}`.replaceAll(",", "\t").replace("£395\t000", "£395,000")],
    ["with empty lines and empty rows", `${head}\n\n,,,,,,,,\n${row}\n\n`],
  ])("%s is read", (what, text) => {
    const { listings, rejects } = read(text);
    expect(rejects).toEqual([]);
    expect(listings).toEqual([{ ...taken, line: what.includes("empty") ? 4 : 2 }]);
  });

  test("has quotation marks, commas and line breaks within fields; lines are counted all the same", () => {
    const text = `${head}\nA1,"Flat 2,\n""The Old Mill""",M21 4WB,Sales,,1,2,,\nA2,1 Elm Close,M21 4WB,Sales,,,2,,\n`;
    const { listings, rejects } = read(text);
    expect(listings).toMatchObject([{ line: 2, address: 'Flat 2, "The Old Mill"', status: "available" }]);
    expect(rejects).toEqual([{ line: 4, reference: "A2", field: "Price", reason: "the price is missing" }]);
  });

  test.each([
    ["Price", row.replace('"£395,000"', "POA"), '"POA" is not a price'],
    ["Price", row.replace('"£395,000"', "0"), "not the price of a home"],
    ["Bedrooms", row.replace(",3,", ",three,"), '"three" is not a number'],
    ["Post Code", row.replace("m21 4wb", "M21"), "not whole"],
    ["Post Code", row.replace("m21 4wb", "M21 444"), "second half"],
    ["Department", row.replace("Sales", "Land"), '"Land" is not known'],
    ["Status", row.replace("For Sale", "Maybe"), '"Maybe" is not known'],
    ["Managed", row.replace(/no$/, "perhaps"), "neither yes nor no"],
    ["Address", row.replace("14 Maple Road", ""), "missing"],
    ["Ref", row.replace("A1", ""), "missing"],
    ["", `${row},x`, "10 fields where the first line has 9"],
  ])("names %p where it is wrong", (field, wrong, reason) => {
    const { listings, rejects } = read(`${head}\n${wrong}\n${row.replace("A1", "B1")}`);
    expect(listings.map(({ id }) => id)).toEqual(["B1"]);
    expect(rejects).toMatchObject([{ line: 2, field, reason: expect.stringContaining(reason) }]);
  });

  test.each([
    ["1,250 pcm", 1_250],
    ["£300 pw", 1_300],
    ["£300 per week", 1_300],
    ["1250", 1_250],
  ])("a rent of %p is %d a month", (text, pcm) => {
    const { listings } = read(`${head}\n${row.replace("Sales", "Lettings").replace("£395,000", text)}`);
    expect(listings).toMatchObject([{ kind: "let", price: pcm }]);
  });

  test("that breaks off within quotation marks, or is no list of homes, is refused with its line", () => {
    expect(refusal(() => read(`${head}\nA1,"14 Maple Road`))).toContain("not closed");
    const swallowing = `${head}\n${row.replace("14 Maple", '"14 Maple')}\n${row.replace("14 Maple Road", '"15 Maple Road"')}`;
    expect(refusal(() => read(swallowing))).toContain("line 2: a quotation mark in the middle of a field");
    expect(refusal(() => read("Name,Phone\nJane,1"))).toBe(
      "invalid_input: The list has no column for id, address, postcode, price, beds, kind: name them in a mapping. It has: Name, Phone.",
    );
    expect(refusal(() => read(""))).toContain("empty");
  });
});

describe("a mapping", () => {
  const mapping = parseMapping(
    JSON.stringify({
      columns: { id: "Our number", address: ["House", "Street"], price: "Guide" },
      facts: { "council-tax": "CT Band" },
      values: { kind: { always: "sale" }, status: { words: { "On Market!": "available", Gone: "withdrawn" } } },
    }),
  );
  const text = (house: string, status: string) =>
    `Our number,House,Street,Postcode,Guide,Beds,Status,CT band\n7,${house},Mill Lane,M21 4WB,250000,2,${status},D\n`;

  test("names columns, joins an address, translates words, fills in what the list lacks", () => {
    expect(read(text("14", "on market"), mapping).listings).toMatchObject([
      { id: "7", address: "14 Mill Lane", kind: "sale", status: "available", facts: { "council-tax": "D" } },
    ]);
    expect(read(text("Rose Cottage", "gone"), mapping).listings).toMatchObject([
      { address: "Rose Cottage, Mill Lane", status: "withdrawn" },
    ]);
  });

  test("that names a column which is not there is refused with those that are", () => {
    const wrong = parseMapping('{"columns": {"id": "Number"}}');
    expect(refusal(() => read(`${head}\n${row}`, wrong))).toBe(
      `invalid_input: The mapping names the column "Number", the list has: ${head.replaceAll(",", ", ")}.`,
    );
  });

  test.each([
    ['{\n"columns": {"id" "Ref"}}', 'line 2: expected ":"'],
    ['{"columns": {"bedrooms": "Beds"}}', "columns"],
    ['{"values": {"kind": {"words": {"x": "auction"}}}}', "values.kind.words.x"],
    ['{"delimiter": ", "}', "delimiter"],
  ])("%s is refused by its line or field", (json, where) => {
    expect(refusal(() => parseMapping(json))).toContain(where);
  });
});

test("a word that every object answers to is a word that is not known: its row is rejected, the others are taken", () => {
  const odd = row.replace("A1", "A2");
  const { listings, rejects } = read(
    [head, odd.replace("Sales", "Constructor"), row, odd.replace("A2", "A3").replace("For Sale", "constructor")].join(
      "\n",
    ),
  );
  expect(listings.map(({ id }) => id)).toEqual(["A1"]);
  expect(rejects.map(({ reference, field }) => [reference, field])).toEqual([
    ["A2", "Department"],
    ["A3", "Status"],
  ]);
});

test("what makes a terminal do things, and a description in the address's column, is told and kept of no row", () => {
  const odd = "\u001b]0;x\u0007";
  const { listings, rejects } = read(
    [
      head,
      row.replace("14 Maple Road", `14 ${odd}Maple Road`),
      row.replace("A1", `A${odd}2`),
      row.replace("A1", "A3").replace("Sales", `Sales${odd}`).replace("For Sale", `x${odd}`),
      row.replace("A1", "A4").replace("14 Maple Road", "A lovely home. ".repeat(20)),
    ].join("\n"),
  );
  expect(listings.map(({ id, address }) => [id, address])).toEqual([["A1", "14 ]0;x Maple Road"]]);
  expect(rejects.map(({ line, field }) => [line, field])).toEqual([
    [3, "Ref"],
    [4, "Department"],
    [5, "Address"],
  ]);
  expect(JSON.stringify(rejects)).not.toMatch(/\\u00/);
});

test("so many rows that it is no list of homes are refused as a whole: no reject is kept of each", () => {
  expect(refusal(() => read(`${head}\n${"x,,,,,,,,\n".repeat(50_001)}`))).toStartWith(
    "invalid_input: The list has 50001 rows",
  );
});

test.each([
  ["UTF-8", new TextEncoder().encode("Señora’s £395")],
  ["UTF-8 with a mark", new TextEncoder().encode("\uFEFFSeñora’s £395")],
  ["Windows-1252", Uint8Array.from(Buffer.from("53 65 f1 6f 72 61 92 73 20 a3 33 39 35".replaceAll(" ", ""), "hex"))],
  ["UTF-16", Uint8Array.from(Buffer.from("\uFEFFSeñora’s £395", "utf16le"))],
])("a file in %s is read", (_name, bytes) => {
  expect(listText(bytes).replace("\uFEFF", "")).toBe("Señora’s £395");
});
