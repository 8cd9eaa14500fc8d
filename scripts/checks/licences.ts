import { join } from "node:path";
import { isCompatible } from "../lib/licence-rules.ts";
import { runtimePackages } from "../lib/packages.ts";

/**
 * Names each part of the program whose licence cannot stand beside GPL-3.0-or-later: packages that it needs at run
 * time, directly or not, and models.
 */
export async function licenceFaults(repository: string): Promise<string[]> {
  const faults = runtimePackages(repository)
    .filter(({ licence }) => !isCompatible(licence))
    .map(({ name, version, licence }) => fault(`package ${name}@${version}`, licence));
  const manifest = Bun.file(join(repository, "models/manifest.json"));
  if (!(await manifest.exists())) return faults;
  const { models }: { models: { id: string; licence: string }[] } = await manifest.json();
  return [
    ...faults,
    ...models.filter(({ licence }) => !isCompatible(licence)).map(({ id, licence }) => fault(`model ${id}`, licence)),
  ];
}

function fault(what: string, licence: string): string {
  return licence === ""
    ? `${what} declares no licence: leave it out, or ask its authors`
    : `${what} is under ${licence}, which cannot stand beside GPL-3.0-or-later: leave it out`;
}

if (import.meta.main) {
  const repository = process.argv[2] ?? join(import.meta.dir, "../..");
  const faults = await licenceFaults(repository);
  for (const line of faults) console.error(line);
  console.log(
    faults.length === 0 ? "licences: all can stand beside GPL-3.0-or-later" : `licences: ${faults.length} cannot`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
