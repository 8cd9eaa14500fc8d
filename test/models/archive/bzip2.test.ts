import { expect, test } from "bun:test";
import { unpackBzip2 } from "../../../src/models/archive/bzip2.ts";
import { collect, inPieces } from "./archives.ts";

// Packed by bzip2 1.0.8 (through Python's bz2); the content is made here again.
const empty = "QlpoORdyRThQkAAAAAA=";
const oneByte = "QlpoOTFBWSZTWRmTm2sAAAABACAAIAAhGEaC7kinChIDMnNtYA==";
const twoStreams =
  "QlpoOTFBWSZTWbI5C90AAAABgAEgHAAgACGDQZoCXHF3JFOFCQsjkL3QQlpoMTFBWSZTWSaKAjQAAAKBgA4BiAAgACIYaDAHAphdyRThQkCaKAjQ";
/** 20,000 zero bytes, then the numbers 0 to 399, a line each. */
const runs = [
  "QlpoMTFBWSZTWXSgzfgAACdJAMAQf+AAEAAIUAN2AbeqnSlUYf+qU9R7UgGhqapt+lU0GVP89TI/1SqEIAABCP9VJ6qm/9KqNPyqqSzK",
  "VUqr3lq9+edJ996WAAHgYAAsQCg4DgKCAWNgOmgDz4AOvmwHmgDpsBYgFBwHAUEAsbAdNAHnwAW+IB5oA6bAWIBQcBwFBALGwHTQB58A",
  "FBwHAUEAsbAdNAHnwAfx8Ax5oA6bAu7u7zMAAAAEraqkkk91qKSSSB0sADd3d2ANUnbeKk7bxUnDtXTh2rpw7V04dq6cO1dOHaunG8VK",
  "c5fJJJDogACSSKSSTd3d3sDtXTh2ro65V0dcq6OuVdHXKujrlUm8dqk3jtUm8dqlOc5kkkh4FgAB+SpJJNzMzMk/Jyro65V0dcq6C7oL",
  "ugu6C7oLugu6C7rfe9rd3dWNgOmgXl3d2PSSSSSSSSQAABvve3fbu7PpJEkkmSTskmZuZmST+AAAAAAbznMzKzMcBwFBBd3l3YuSSSAA",
  "AAA33vbu7m7Ekkn0knpJJ6TMzNzJJ8AAAAJJJJJnOczMzO42AsQCl3d3lpPAAAAAAe5zfvvt3dzpsBYgFVVVXe9ySSSSSSSSAADnD/Xd",
  "3Vf8XckU4UJB0oM34A==",
].join("");
/** Blocks of 100,000 bytes: 250,000 times "abcdefg…" in turn. */
const blocks = [
  "QlpoMTFBWSZTWc5xShkAB4KBgD////AwAPgCgAADJkFAAAGTIClVDQMmgDRprIFWW1QKtygVYKBVvUCrgoFXFQKuSgVc1AqxUCrJQKsZ",
  "Aq6SBVnIFXWQKu0gVd5Aq8SBV5kCr1IFXuQKvkgVaSBV9kCr9IFWsgVfzFBWSZTWa8Ub8MAWh4BgD////AwAPgCgAADJkFAAAGTIClVD",
  "QMmgDRprIFWyQKtsgVbpAqwkCrfIFXCQKuMgVcpAq5yBVjIFWUgVaZqBV1UCrsoFXdQKvCgVeVAq9KBV7UCr4oFWigVYyBV9kCr9IFWs",
  "gVfzFBWSZTWaul8S4AUrEBgD////AwANtEUAAAZMgTVVADTIaDIBSqgaDTIBpo/SCrZIKtsgq3SCrfIocEqhxSqHJKoc0qh0kFXQgqxI",
  "KupBVkQVZkFXYgq7kFXggq8kFXogq9kFXwgqx0IQ1SqH1Kofkqh/F3JFOFCQzEgGzg==",
].join("");

const numbers = Array.from({ length: 400 }, (_, i) => `${i}\n`).join("");
const letters = Buffer.from(Uint8Array.from({ length: 250_000 }, (_, i) => 97 + (i % 26)));
const unpack = (bytes: Uint8Array, size = 50) => collect(unpackBzip2(inPieces(bytes, size)));

test.each([
  ["nothing", empty, Buffer.alloc(0)],
  ["one byte", oneByte, Buffer.from("a")],
  ["two streams, one behind the other", twoStreams, Buffer.from("firstsecond")],
  ["long runs and many symbols", runs, Buffer.concat([Buffer.alloc(20_000), Buffer.from(numbers)])],
  ["several blocks", blocks, letters],
] as const)("%s", async (_what, packed, content) => {
  for (const size of [1, 37, 100_000]) {
    expect((await unpack(Buffer.from(packed, "base64"), size)).equals(content)).toBe(true);
  }
});

test("a bit that was turned over anywhere is refused, or changes nothing", async () => {
  const whole = Buffer.from(runs, "base64");
  const content = await unpack(whole);
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
    const outcome = await unpack(damaged, 100_000).catch((error: { code: string }) => error.code);
    if (outcome === "invalid_input") refused++;
    else expect([at, Buffer.isBuffer(outcome) && outcome.equals(content)]).toEqual([at, true]);
  }
  expect(refused).toBeGreaterThan(whole.length - 10); // a few bits say nothing of the content
}, 30_000);

test("what is cut short is refused", async () => {
  const whole = Buffer.from(runs, "base64");
  for (let length = 0; length < whole.length; length += 11) {
    await expect(unpack(whole.subarray(0, length))).rejects.toMatchObject({ code: "invalid_input" });
  }
});
