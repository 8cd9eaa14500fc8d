import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config/load.ts";
import { createLog } from "../../src/log.ts";
import { createClosing } from "../../src/ops/closing.ts";
import { registerOf } from "../../src/receptionist/understanding/register.ts";
import { openListings } from "../../src/start/listings.ts";
import { blmOf, blmRow } from "../agency/listings/blm-file.ts";
import { answering } from "../ops/answering.ts";
import { makeOffice, now } from "../store/opened.ts";

test("whoever calls next is understood when he names a home that was just imported", () => {
  const office = makeOffice();
  try {
    const log: string[] = [];
    const running = answering();
    const importListings = openListings(
      {
        clock: () => now,
        log: createLog(
          (line) => log.push(line),
          () => "",
        ),
        config: loadConfig({ file: undefined, set: [] }),
        closing: createClosing(() => undefined),
        schedule: () => () => undefined,
      },
      office.records,
      office.view,
      () => ({ phase: "answering", answering: running }),
    );
    const text = blmOf([blmRow({ AGENT_REF: "W9", ADDRESS_1: "9 Willow Walk" })]);
    const list = { bytes: new TextEncoder().encode(text), mapping: undefined, list: "chorlton" };
    const willow = () => registerOf(office.view.properties()).byKey.get("willow walk")?.places[0]?.property.id;

    importListings({ ...list, dryRun: true, yes: false }, { kind: "cli", uid: 0 });
    expect([willow(), running.listingChanges, log]).toEqual([undefined, 0, []]);
    importListings({ ...list, dryRun: false, yes: false }, { kind: "cli", uid: 0 });
    expect([willow(), running.listingChanges]).toEqual(["W9", 1]);
    expect(log.map((line) => JSON.parse(line))).toMatchObject([{ added: 1, changed: 0, withdrawn: 0, rejected: 0 }]);
  } finally {
    office.close();
  }
});
