/** What the numbers and parts of a BLM row mean to somebody who asks on the telephone. */
import type { Property } from "../types.ts";

type Field = (name: string) => string;

/** PROP_SUB_ID, the kinds that homes in Britain have; others are left without a word. */
// biome-ignore format: a table
const types: Readonly<Record<string, string>> = {
  "1": "terraced", "2": "end terrace", "3": "semi-detached", "4": "detached", "5": "mews", "6": "cluster house",
  "7": "ground floor flat", "8": "flat", "9": "studio", "10": "ground floor maisonette", "11": "maisonette",
  "12": "bungalow", "13": "terraced bungalow", "14": "semi-detached bungalow", "15": "detached bungalow",
  "16": "mobile home", "20": "land", "21": "link-detached", "22": "town house", "23": "cottage", "24": "chalet",
  "26": "house", "27": "villa", "28": "apartment", "29": "penthouse", "43": "barn conversion",
  "44": "serviced apartment", "45": "parking", "46": "sheltered housing", "47": "retirement property",
  "48": "house share", "49": "flat share", "51": "garage", "52": "farmhouse", "56": "duplex",
};

/** A file can hold any word, also one that every object answers to ("constructor"). */
const meaning = (of: Readonly<Record<string, string>>, code: string) =>
  Object.hasOwn(of, code) ? of[code] : undefined;

export const blmType = (id: string): string => meaning(types, id) ?? "";

/**
 * House and street: what a caller says, without town and county. Programs put "14 Mill Lane" into the first line, or
 * "14" and the street into the second, or "Flat 2" or "Rose Cottage".
 */
export function blmAddress(field: Field): string {
  const lines = ["ADDRESS_1", "ADDRESS_2", "ADDRESS_3", "ADDRESS_4"].map((name) => field(name).replace(/[,\s]+$/, ""));
  const [first = "", second = ""] = lines;
  if (first === "" || second === "") return first;
  if (/^\d+\s?[a-z]?([-/]\d+\s?[a-z]?)?$/i.test(first)) return `${first} ${second}`;
  const isFlat = /^(flat|apartment|apt|unit|studio)\b/i.test(first) && !first.includes(",");
  const hasStreet = /\d+[a-z]?\s+[a-z]{2,}/i.test(first);
  return hasStreet && !isFlat ? first : `${first}, ${second}`;
}

const tenures: Readonly<Record<string, string>> = {
  "1": "freehold",
  "2": "leasehold",
  "3": "feudal",
  "4": "commonhold",
  "5": "share of freehold",
};
const furnishings: Readonly<Record<string, string>> = {
  "0": "furnished",
  "1": "part furnished",
  "2": "unfurnished",
  "4": "furnished or unfurnished",
};

export const blmFactKeys = [
  "council-tax",
  "tenure",
  "lease-years",
  "ground-rent",
  "service-charge",
  "bathrooms",
  "summary",
  "features",
  "available-from",
  "deposit",
  "furnishing",
  "rent",
] as const;

/** Only what the row says; keys as the agency's own listings have them. */
export function blmFacts(field: Field, kind: Property["kind"]): Record<string, string> {
  const facts: Record<string, string> = {};
  const add = (key: (typeof blmFactKeys)[number], value: string | undefined) => {
    if (value !== undefined && value !== "") facts[key] = value.slice(0, 2_000);
  };
  add("council-tax", field("COUNCIL_TAX_BAND").replace(/^band\s+/i, ""));
  add("tenure", meaning(tenures, field("TENURE_TYPE_ID")));
  add("lease-years", field("TENURE_UNEXPIRED_YEARS"));
  add("ground-rent", field("ANNUAL_GROUND_RENT"));
  add("service-charge", field("ANNUAL_SERVICE_CHARGE"));
  add("bathrooms", field("BATHROOMS"));
  add("summary", field("SUMMARY"));
  const features = Array.from({ length: 10 }, (_, n) => field(`FEATURE${n + 1}`)).filter((text) => text !== "");
  add("features", features.join(", "));
  if (kind === "let") {
    add("available-from", field("LET_DATE_AVAILABLE").slice(0, 10));
    add("deposit", field("LET_BOND"));
    add("furnishing", meaning(furnishings, field("LET_FURN_ID")));
    if (field("LET_RENT_FREQUENCY") === "5") add("rent", "for each person");
  }
  return facts;
}
