/** Units behind a number, in full: singular after 1. */

const units: [pattern: string, one: string, many: string][] = [
  ["sq\\.? ?ft|sqft|ft\\^2|ft2", "square foot", "square feet"],
  ["sq\\.? ?m|sqm|m\\^2|m2", "square metre", "square metres"],
  ["sq\\.? ?yds?|yd\\^2", "square yard", "square yards"],
  ["m\\^3|m3", "cubic metre", "cubic metres"],
  ["ft|'(?= ?(?:[x×]|by\\b|$|[,.;)]))", "foot", "feet"],
  ["yds?", "yard", "yards"],
  ["cm", "centimetre", "centimetres"],
  ["mm", "millimetre", "millimetres"],
  ["km", "kilometre", "kilometres"],
  ["mi", "mile", "miles"],
  ["kg", "kilogram", "kilograms"],
  ["kWh", "kilowatt hour", "kilowatt hours"],
  ["kW", "kilowatt", "kilowatts"],
  ["[Mm]bps", "megabit per second", "megabits per second"],
  ["Gbps", "gigabit per second", "gigabits per second"],
  ["mph", "mile per hour", "miles per hour"],
  ["mins?", "minute", "minutes"],
  ["secs?", "second", "seconds"],
  ["hrs?", "hour", "hours"],
  ["wks?", "week", "weeks"],
  ["mths?", "month", "months"],
  ["yrs?", "year", "years"],
  ["bdrms?", "bedroom", "bedrooms"],
  ["°C", "degree", "degrees"],
  ["m", "metre", "metres"],
];
const byUnit = units.map(
  ([pattern, one, many]) =>
    [
      new RegExp(`(?<![\\d.,:/£-])(\\d[\\d,.]*|(?<=\\d-)\\d+) ?(?:${pattern})(?![\\p{L}\\d^])`, "gu"),
      one,
      many,
    ] as const,
);
const scales: Record<string, string> = { k: "thousand", m: "million", bn: "billion" };

/** "850 sq ft" → "850 square feet", "3.5m x 2m" → "3.5 metres by 2 metres", "10k" → "10 thousand". */
export function sayUnits(text: string): string {
  let said = text
    .replace(/(\d)'(\d{1,2})["”]?/g, "$1 foot $2")
    .replace(/(?<=\d)\s?"/g, " inches")
    .replace(/(?<![\d£.,])(\d[\d,.]*)(k|bn)\b/g, (_, amount: string, scale: string) => `${amount} ${scales[scale]}`)
    .replace(/(?<=\d ?(?:m|ft|cm|mm|metres|feet|foot|inches|')?) ?[x×] ?(?=\d)/g, " by ");
  for (const [pattern, one, many] of byUnit) {
    said = said.replace(pattern, (_, amount: string) => `${amount} ${amount === "1" ? one : many}`);
  }
  return said
    .replace(/\bsq\.? ?ft\b\.?|\bsqft\b/gi, "square feet")
    .replace(/\bsq\.? ?m\b\.?|\bsqm\b|\bm\^2/gi, "square metres")
    .replace(/\^([23])/g, (_, power: string) => (power === "2" ? " squared" : " cubed"));
}
