/** Writes what models/catalogue.json has into scripts/fetch-models, which must stand alone. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCatalogue } from "../src/models/catalogue.ts";
import { withTable } from "./lib/fetch-table.ts";

const script = join(import.meta.dir, "fetch-models");
writeFileSync(script, withTable(readFileSync(script, "utf8"), readCatalogue()));
