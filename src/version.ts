import { version as packageVersion } from "../package.json" with { type: "json" };

/** Semantic version of this program, as in package.json. */
export const version: string = packageVersion;
