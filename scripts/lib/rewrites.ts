import type { BunPlugin } from "bun";

/**
 * Four modules are other ones in the executable than from source. Each rewrite is matched by the module's whole path
 * and must happen exactly as often as expected: an update of a package that moves the file must fail the build, not
 * give an executable that looks for node_modules on the customer's disk.
 */
export type Rewrites = { plugin: BunPlugin; missing: () => string[] };

type Rewrite = { name: string; filter: RegExp; content: (path: string) => Promise<string>; loader: "js" | "ts" };

/** @param table Source text of the module that takes the place of src/embedded/table.ts. */
export function moduleRewrites(table: string): Rewrites {
  const rewrites: Rewrite[] = [
    { name: "src/embedded/table.ts", filter: /\/src\/embedded\/table\.ts$/, content: async () => table, loader: "ts" },
    {
      name: "onnxruntime-node/dist/binding.js",
      filter: /\/node_modules\/onnxruntime-node\/dist\/binding\.js$/,
      content: withoutBindingPath,
      loader: "js",
    },
    {
      name: "better-sqlite3-multiple-ciphers/lib/binding.js",
      filter: /\/node_modules\/better-sqlite3-multiple-ciphers\/lib\/binding\.js$/,
      content: async () => sqliteBindingModule,
      loader: "js",
    },
    {
      name: "@wasm-audio-decoders/flac/index.js",
      filter: /\/node_modules\/@wasm-audio-decoders\/flac\/index\.js$/,
      content: async () => flacModule,
      loader: "js",
    },
  ];
  const done = new Set<string>();
  return {
    missing: () => rewrites.map(({ name }) => name).filter((name) => !done.has(name)),
    plugin: {
      name: "gatehouse-rewrites",
      setup(build) {
        for (const { name, filter, content, loader } of rewrites) {
          build.onLoad({ filter }, async ({ path }) => {
            done.add(name);
            return { contents: await content(path), loader };
          });
        }
      },
    },
  };
}

/** Takes the addon that src/embedded/natives.ts has loaded, instead of requiring it by a path relative to itself. */
async function withoutBindingPath(path: string): Promise<string> {
  const source = await Bun.file(path).text();
  const requireCall = /require\(`[^`]*onnxruntime_binding\.node`\)/g;
  const found = source.match(requireCall)?.length ?? 0;
  if (found !== 1) throw new Error(`${path}: expected one require of the addon, found ${found}`);
  return source.replace(requireCall, 'globalThis[Symbol.for("gatehouse.onnxruntime-binding")]');
}

/** The package's own search would put the build machine's folders into the executable and look there at run time. */
const sqliteBindingModule = `
exports.getBinding = (given) => {
  if (typeof given === "object" && given !== null) return given;
  throw new TypeError("pass sqliteBinding(nativeDir) as nativeBinding");
};
exports.getPrebuildPath = () => null;
`;

/**
 * The package's own names its second decoder, for Workers, in a call; Bun leaves that decoder out as nobody takes it, and
 * keeps the call, which then fails (Bun 1.4.5). Without it no code for Workers is in the executable at all.
 */
const flacModule = `export { default as FLACDecoder } from "./src/FLACDecoder.js";`;
