/** The agency's list of homes goes into the running appliance: by command, and by the watched folder. */
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ImportReport } from "../../src/agency/listings/import-listings.ts";
import type { Status } from "../../src/control/ports.ts";
import { blmOf, blmRow } from "../agency/listings/blm-file.ts";
import { makeFolders, removeFolders, runCli, startAppliance, until } from "./appliance.ts";

const csv = `Ref,Address,Postcode,Department,Status,Price,Bedrooms
W9,9 Willow Walk,M21 4WB,Sales,For Sale,"£395,000",3
W10,10 Willow Walk,M21,Sales,For Sale,"£395,000",3
`;

test("gatehouse import, and the watched folder", async () => {
  const folders = makeFolders();
  const lists = join(folders.root, "lists");
  mkdirSync(lists);
  const appliance = await startAppliance({
    folders,
    set: [`import.folder=${lists}`, "import.everySeconds=1", 'lines=[{number="*",kind="echo"}]'],
  });
  try {
    const file = join(folders.root, "homes.csv");
    writeFileSync(file, csv);
    const importing = (...more: string[]) => runCli(["import", file, "--data", folders.data, ...more]);
    const report = async (...more: string[]) => JSON.parse((await importing("--json", ...more)).out) as ImportReport;

    // The invented agency's twelve are on no list of this agency's.
    const refused = await importing();
    expect([refused.code, refused.out]).toEqual([2, ""]);
    expect(refused.err).toContain("12 of 12 homes are not in this file and would be withdrawn.");
    expect(await report("--dry-run")).toMatchObject({ added: 1, withdrawn: 12, dryRun: true });
    expect(await report("--yes")).toMatchObject({
      format: "csv",
      added: 1,
      withdrawn: 12,
      rejects: [{ line: 3, reference: "W10", field: "Postcode", reason: "the postcode is not whole" }],
    });
    const again = await importing();
    expect(again.code).toBe(1); // a row is still rejected
    expect(again.out).toContain("0 added, 0 changed, 1 as they were, 0 withdrawn, 1 rows rejected");
    expect(again.out).toContain("line 3, W10: Postcode: the postcode is not whole");

    writeFileSync(file, 'Ref,Address\n"W9');
    const broken = await importing();
    expect([broken.code, broken.err]).toEqual([
      2,
      expect.stringContaining("line 2: a quotation mark that is not closed"),
    ]);

    const rows = [blmRow({ AGENT_REF: "W9", ADDRESS_1: "9 Willow Walk", PRICE: "385000" }), blmRow({ PRICE: "" })];
    writeFileSync(join(lists, "homes.blm"), blmOf(rows));
    const status = () => appliance.cli<Status>("status");
    await until("the folder's list", async () => (await status()).lists.length === 1);
    expect((await status()).lists).toMatchObject([
      { file: "homes.blm", problem: null, added: 0, changed: 1, rejected: 1, rejects: [{ field: "PRICE" }] },
    ]);
    expect((await runCli(["status", "--data", folders.data])).out).toContain("homes.blm at ");
    expect(appliance.log.filter((line) => /Willow|homes\.blm/.test(line))).toEqual([]);
  } finally {
    await appliance.stop();
    removeFolders(folders);
  }
}, 60_000);
