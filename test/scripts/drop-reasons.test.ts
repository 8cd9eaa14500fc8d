/** Whatever is dropped has a name, and agency IT finds that name explained. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const repository = join(import.meta.dir, "../..");
const guide = readFileSync(join(repository, "docs/pbx/README.md"), "utf8");

/** `count("x")`, `turnAway(source, "x")`, `drop("x")`, `dropped("x")`, `unsent("x")`, `dropped: "x"`, a template's beginning too. */
const named = /\b(?:count|turnAway|drop|dropped|unsent)(?:\((?:[a-z]+, )?|: )["`]([a-z-]+|\$\{channel\}-[a-z-]+)/g;

function reasonsOf(folder: string): string[] {
  const files = [...new Bun.Glob(`src/${folder}/**/*.ts`).scanSync({ cwd: repository })];
  const texts = files.map((file) => readFileSync(join(repository, file), "utf8"));
  const found = texts.flatMap((text) => [...text.matchAll(named)].map(([, reason = ""]) => reason));
  return [
    ...new Set(found.flatMap((reason) => ["rtp", "rtcp"].map((channel) => reason.replace(/^\$\{channel\}/, channel)))),
  ];
}

/** By its own name, or by that of its kind: `stream-…`. */
function isExplained(reason: string): boolean {
  const kind = reason.slice(0, reason.indexOf("-") + 1);
  return guide.includes(`\`${reason}\``) || (kind !== "" && guide.includes(`\`${kind}…\``));
}

test.each(["sip", "media"])("Every reason for which %s drops something is explained in docs/pbx", (folder) => {
  const reasons = reasonsOf(folder);
  expect(reasons.length).toBeGreaterThan(10);
  // `limited-` and `malformed-` go on with what it was.
  expect(reasons.filter((reason) => !isExplained(reason) && reason !== "limited-")).toEqual([]);
});

test("A reason that is not explained would be found", () => {
  expect(isExplained("source")).toBe(true);
  expect(isExplained("stream-of-nonsense")).toBe(true);
  expect(isExplained("nonsense")).toBe(false);
  expect(isExplained("no-sense")).toBe(false);
});
