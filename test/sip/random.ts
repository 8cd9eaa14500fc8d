/** Chance that comes out the same each time: the lab's. */
export { type Random, seeded } from "../../src/lab/random.ts";
