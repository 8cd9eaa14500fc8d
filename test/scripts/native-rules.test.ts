import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nativeFaults } from "../../scripts/lib/native-rules.ts";
import { nativeSources } from "../../scripts/lib/stage.ts";

const repository = join(import.meta.dir, "../..");

test.each(["x64", "arm64"] as const)("no native library for %s can reach another machine", (architecture) => {
  const faults = nativeSources(repository, architecture).flatMap(({ path, file }) =>
    nativeFaults(path, readFileSync(file)),
  );
  expect(faults).toEqual([]);
});

test("one that can is found", () => {
  const runtime = readFileSync(process.execPath); // has sockets
  expect(nativeFaults("bun", runtime).length).toBeGreaterThan(0);
  expect(nativeFaults("a", Buffer.from("\0getaddrinfo\0"))).toEqual([
    "a calls getaddrinfo: it could send something out of the building",
  ]);
  expect(nativeFaults("a", Buffer.from("\0reconnect\0socket_count\0"))).toEqual([]);
});
