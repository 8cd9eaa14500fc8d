/** Writes `.cache/embedded/THIRD-PARTY-NOTICES.txt`, from which `gatehouse licences` prints. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFolder } from "../src/embedded/contents.ts";
import { noticesText } from "./lib/notices.ts";

const repository = join(import.meta.dir, "..");
const target = join(repository, generatedFolder, "THIRD-PARTY-NOTICES.txt");
mkdirSync(join(repository, generatedFolder), { recursive: true });
// It takes a few milliseconds, so `--if-stale` is not worth a rule for when it is stale.
writeFileSync(`${target}.${process.pid}`, noticesText(repository));
renameSync(`${target}.${process.pid}`, target);
