import { expect, test } from "bun:test";
import { join } from "node:path";

const script = join(import.meta.dir, "output-writer.ts");
const bytes = 1_000_001;

async function read(shell: string): Promise<{ out: string; err: string }> {
  const child = Bun.spawn(["sh", "-c", `"${process.execPath}" "${script}" ${bytes} ${shell}`], {
    stdout: "pipe",
    stderr: "pipe",
  });
  return { out: (await child.stdout.text()).trim(), err: (await child.stderr.text()).trim() };
}

test("a pipe gets all of it, however slowly it reads", async () => {
  expect(await read("| (sleep 0.2; wc -c)")).toEqual({ out: String(bytes), err: "true" });
});

test("a reader that has gone is no failure", async () => {
  expect(await read("| head -c 3")).toEqual({ out: "xxx", err: "false" });
});

test("a full disk is one", async () => {
  expect(await read("> /dev/full")).toEqual({ out: "", err: "storage_failed" });
});
