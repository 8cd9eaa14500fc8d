import { expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildUi, uiIsStale } from "../../scripts/lib/ui.ts";
import { temporaryTree } from "./temporary-tree.ts";

function pages() {
  const tree = temporaryTree({
    "package.json": "{}",
    "src/web/ui/index.html":
      '<!doctype html><link rel="stylesheet" href="./styles.css"><script type="module" src="./main.tsx"></script>',
    "src/web/ui/styles.css": "body { color: #123456 }\n",
    "src/web/ui/main.tsx": 'import { words } from "../words.ts";\ndocument.title = words;\n',
    "src/web/words.ts": 'export const words = "first words";\n',
  });
  const target = join(tree.path, "out/ui");
  const record = join(tree.path, "out/ui.inputs.json");
  return {
    ...tree,
    target,
    build: () => buildUi(tree.path, target, record),
    isStale: () => uiIsStale(tree.path, target, record),
    write: (path: string, text: string) => writeFileSync(join(tree.path, path), text),
    assets: () => readdirSync(join(target, "assets")).sort(),
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}

test("the pages refer to files of their own by absolute paths; nothing is inline", async () => {
  using ui = pages();

  await ui.build();

  const html = readFileSync(join(ui.target, "index.html"), "utf8");
  const referred = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  expect(referred.sort()).toEqual(ui.assets().map((name) => `/assets/${name}`));
  expect(referred).toHaveLength(2);
  expect(html).not.toMatch(/<style|<script(?![^>]*\bsrc=)/);
});

test("they are stale when something that they are made of has changed, and only then", async () => {
  using ui = pages();
  expect(ui.isStale()).toBe(true);

  await ui.build();
  expect(ui.isStale()).toBe(false);

  ui.write("src/web/unrelated.ts", "export const x = 1;\n");
  expect(ui.isStale()).toBe(false);

  ui.write("src/web/words.ts", 'export const words = "other words";\n');
  expect(ui.isStale()).toBe(true);

  await ui.build();
  rmSync(join(ui.target, "index.html"));
  expect(ui.isStale()).toBe(true);
});

test("a new build leaves nothing of the old one behind", async () => {
  using ui = pages();
  await ui.build();
  const before = ui.assets();

  ui.write("src/web/words.ts", 'export const words = "other words";\n');
  await ui.build();

  const after = ui.assets();
  expect(after).toHaveLength(2);
  expect(after.filter((name) => !before.includes(name))).toHaveLength(1);
});

test("a fault in a page fails the build and names the file", async () => {
  using ui = pages();
  ui.write("src/web/ui/main.tsx", 'import { x } from "./absent.ts";\nx();\n');

  const failed = await ui.build().then(
    () => undefined,
    (error: unknown) => Bun.inspect(error),
  );

  expect(failed).toContain("./absent.ts");
});
