/** A slice of `bun run bench:register`: that it measures what it says. No figure of time is judged here. */
import { expect, test } from "bun:test";
import { makeOffice } from "../../store/opened.ts";
import { largeAgency } from "./large-agency.ts";
import { measureSteps } from "./measure.ts";

test("the callers of the bench are understood against a register that they are in", () => {
  const office = makeOffice(largeAgency({ properties: 300, contacts: 500, seed: 3 }));
  try {
    const { stepsMs, understood, calls } = measureSteps(office.view, 25, 3);
    expect(calls).toBe(25);
    expect(understood).toBeGreaterThanOrEqual(22); // a caller who names what there is twice is asked which
    expect(stepsMs.length).toBeGreaterThanOrEqual(25 * 7);
    expect(stepsMs.every((ms) => ms >= 0)).toBe(true);
  } finally {
    office.close();
  }
});
