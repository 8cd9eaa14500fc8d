/** BLM files as programs write them. */
const columns = [
  ..."AGENT_REF ADDRESS_1 ADDRESS_2 TOWN POSTCODE1 POSTCODE2 FEATURE1 FEATURE2 SUMMARY DESCRIPTION BRANCH_ID".split(
    " ",
  ),
  ..."STATUS_ID BEDROOMS PRICE PROP_SUB_ID CREATE_DATE UPDATE_DATE PUBLISHED_FLAG LET_DATE_AVAILABLE".split(" "),
  ..."LET_RENT_FREQUENCY TENURE_TYPE_ID COUNCIL_TAX_BAND TRANS_TYPE_ID MEDIA_IMAGE_00".split(" "),
];

export type BlmRow = Record<string, string>;

export const blmRow = (over: BlmRow = {}): BlmRow => ({
  AGENT_REF: "5012_MAPLE14",
  ADDRESS_1: "14 Maple Road",
  ADDRESS_2: "Chorlton",
  TOWN: "Manchester",
  POSTCODE1: "M21",
  POSTCODE2: "4WB",
  FEATURE1: "Garden",
  FEATURE2: "Garage",
  SUMMARY: "A house.",
  BRANCH_ID: "5012",
  STATUS_ID: "0",
  BEDROOMS: "3",
  PRICE: "395000",
  PROP_SUB_ID: "3",
  CREATE_DATE: "2026-11-01 09:00:00",
  UPDATE_DATE: "2026-11-20 17:30:59",
  PUBLISHED_FLAG: "1",
  TENURE_TYPE_ID: "2",
  COUNCIL_TAX_BAND: "C",
  TRANS_TYPE_ID: "1",
  MEDIA_IMAGE_00: "5012_MAPLE14_IMG_00.jpg",
  ...over,
});

export function blmOf(rows: readonly BlmRow[], { eof = "^", eor = "~", count = rows.length } = {}): string {
  const line = (fields: readonly string[]) => `${fields.map((field) => field + eof).join("")}${eor}`;
  return [
    "#HEADER#",
    "Version : 3",
    `EOF : '${eof}'`,
    `EOR : '${eor}'`,
    `Property Count : ${count}`,
    "#DEFINITION#",
    line(columns),
    "#DATA#",
    ...rows.map((row) => line(columns.map((name) => row[name] ?? ""))),
    "#END#",
    "",
  ].join("\n");
}
