import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTable } from "../../scripts/lib/fetch-table.ts";
import { readCatalogue } from "../../src/models/catalogue.ts";
import { catalogueOf, makeDesk, models } from "../models/desk.ts";

const script = join(import.meta.dir, "../../scripts/fetch-models");
const root = mkdtempSync(join(tmpdir(), "gatehouse-fetch-"));
const tones = join(models, "piper-tones");
const graph = readFileSync(join(tones, "tones.onnx"));
const settings = readFileSync(join(tones, "tones.onnx.json"));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Serves byte ranges, as publishers do; `dropAfter` bytes it closes the connection. */
const asked: { path: string; range: string | null }[] = [];
let dropAfter = Number.POSITIVE_INFINITY;
let served: Record<string, Uint8Array>;
let server: ReturnType<typeof Bun.serve>;
beforeAll(() => {
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const path = new URL(request.url).pathname;
      const range = request.headers.get("range");
      asked.push({ path, range });
      const bytes = served[path];
      if (bytes === undefined) return new Response(null, { status: 404 });
      const from = Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
      if (from >= bytes.length) return new Response(null, { status: 416 });
      const headers = { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
      const rest = bytes.subarray(from);
      const body = rest.length > dropAfter ? dropping(rest.subarray(0, dropAfter)) : Buffer.from(rest);
      return new Response(body, { status: range === null ? 200 : 206, headers: range === null ? {} : headers });
    },
  });
});
afterAll(async () => {
  await server.stop(true);
  rmSync(root, { recursive: true, force: true });
});

/** Sends so much and then never any more: whoever waits for the rest is killed by the test. */
function dropping(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from(bytes)) });
}

const at = (name: string) => `https://huggingface.co/voices/${name}`;
const voice = catalogueOf({
  id: "tones-voice",
  kind: "piper",
  files: [
    { name: "tones.onnx", url: at("tones.onnx"), bytes: graph.length, sha256: sha256(graph) },
    { name: "tones.onnx.json", url: at("tones.onnx.json") },
  ],
});
/** The script with a catalogue of the test's own. */
const own = join(root, "fetch-models");

beforeEach(() => {
  writeFileSync(own, withTable(readFileSync(script, "utf8"), voice));
  served = { "/voices/tones.onnx": graph, "/voices/tones.onnx.json": settings };
  dropAfter = Number.POSITIVE_INFINITY;
  asked.length = 0;
  rmSync(join(root, "out"), { recursive: true, force: true });
  rmSync(join(root, "out.tar"), { force: true });
});

function start(...args: string[]) {
  // A group of its own: curl is the child of a child.
  return Bun.spawn(["setsid", "sh", own, ...args], {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, GATEHOUSE_MODELS_MIRROR: `http://127.0.0.1:${server.port}` },
  });
}

async function run(...args: string[]) {
  const child = start(...args);
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}

test("the script's table is the catalogue", () => {
  const text = readFileSync(script, "utf8");
  expect(withTable(text, readCatalogue())).toBe(text); // else: bun scripts/fetch-table.ts
});

test("what it makes is installed as it is", async () => {
  const { err, code } = await run("-d", "out", "tones-voice");
  expect([code, err]).toEqual([0, expect.stringContaining("gatehouse models install out.tar")]);
  const sums = `${sha256(graph)}  tones.onnx\n${sha256(settings)}  tones.onnx.json\n`;
  expect(readFileSync(join(root, "out/tones-voice/SHA256SUMS"), "utf8")).toBe(sums);
  expect(err).toContain("no SHA-256 of it is known");

  const desk = makeDesk();
  try {
    const [done] = await desk.install(join(root, "out.tar"), { catalogue: voice });
    expect(done?.model).toMatchObject({ id: "tones-voice", kind: "piper" });
    expect(done?.model.files.map(({ name, published }) => [name, published])).toEqual([
      ["tones.onnx", true],
      ["tones.onnx.json", false],
    ]);
  } finally {
    desk.remove();
  }
}, 30_000);

test("killed half way, the same command goes on where it was", async () => {
  dropAfter = 192 * 1024;
  const child = start("-d", "out", "tones-voice");
  const part = join(root, "out/tones-voice/tones.onnx.part");
  const have = () => (existsSync(part) ? readFileSync(part).length : 0);
  while (have() < dropAfter / 2) await Bun.sleep(20); // real I/O: what curl has written
  process.kill(-child.pid, "SIGKILL");
  await child.exited;
  const left = have();
  expect(existsSync(join(root, "out.tar"))).toBe(false);

  dropAfter = Number.POSITIVE_INFINITY;
  asked.length = 0;
  expect((await run("-d", "out", "tones-voice")).code).toBe(0);
  expect(asked[0]).toEqual({ path: "/voices/tones.onnx", range: `bytes=${left}-` });
  expect(sha256(readFileSync(join(root, "out/tones-voice/tones.onnx")))).toBe(sha256(graph));

  asked.length = 0;
  expect((await run("-d", "out", "tones-voice")).code).toBe(0);
  expect(asked).toEqual([]); // everything is there
}, 30_000);

test("what is not the published file is removed, and nothing is packed", async () => {
  const false_ = Buffer.from(graph);
  false_[5000] = (false_[5000] ?? 0) ^ 1;
  served["/voices/tones.onnx"] = false_;
  const { err, code } = await run("-d", "out", "tones-voice");
  expect([code, err]).toEqual([1, expect.stringContaining("is not the file that is published")]);
  expect(existsSync(join(root, "out/tones-voice/tones.onnx"))).toBe(false);
  expect(existsSync(join(root, "out/tones-voice/tones.onnx.part"))).toBe(false);
  expect(existsSync(join(root, "out.tar"))).toBe(false);
});

test("what is not there, and commands that mean nothing, are told apart", async () => {
  served = {};
  expect(await run("-d", "out", "tones-voice")).toMatchObject({ code: 1, err: expect.stringContaining("404") });
  expect(await run("nobody")).toMatchObject({ code: 2, err: expect.stringContaining("no model nobody") });
  expect((await run()).code).toBe(2);
  expect((await run("-o")).code).toBe(2);
  expect((await run("--quick", "tones-voice")).code).toBe(2);
  expect(await run("list")).toMatchObject({ code: 0, out: expect.stringMatching(/^tones-voice +1 MB {2}CC0-1.0\n$/) });
  expect((await run("--help")).out).toContain("usage: fetch-models");
});
