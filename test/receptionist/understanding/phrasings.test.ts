import { expect, test } from "bun:test";
import { readEmergency } from "../../../src/receptionist/understanding/emergencies.ts";
import { ASKED, hear, readAs } from "./reading.ts";

const fixture = async (name: string): Promise<Record<string, string>[]> => {
  const text = await Bun.file(`${import.meta.dir}/../../fixtures/receptionist/${name}`).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);
};

for (const { kind = "", say = "", want = "" } of await fixture("phrasings.jsonl")) {
  test(`${kind}: "${say}" is ${want}`, () => {
    const got = readAs(kind, hear(say, ASKED[kind] ?? null));
    if (kind === "intent") expect(got.split(" ")).toContain(want);
    else expect(got).toBe(want);
  });
}

for (const { kind = "", say = "" } of await fixture("emergencies.jsonl")) {
  test(`emergency: "${say}" is ${kind}`, () => {
    expect(readEmergency({ text: say, nbest: [] })?.danger ?? "none").toBe(kind as "none");
  });
}
