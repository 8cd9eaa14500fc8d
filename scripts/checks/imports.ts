import { join } from "node:path";
import { cycleFaults, directionFaults, shapeFaults } from "../lib/import-rules.ts";
import { readSourceFiles } from "../lib/source-files.ts";

const repository = process.argv[2] ?? join(import.meta.dir, "../..");
const files = readSourceFiles(repository, ["src", "test", "scripts"]);
const faults = [...directionFaults(files), ...cycleFaults(files), ...shapeFaults(files)];
for (const line of faults) console.error(line);
console.log(`imports: ${files.length} files, ${faults.length} faults`);
process.exitCode = faults.length === 0 && files.length > 0 ? 0 : 1;
