import { expect, test } from "bun:test";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "../../src/media/g711.ts";
import { findNeedles, makeNeedles, needleForms } from "./needles.ts";
import { makeFolders, openIn } from "./opened.ts";

const actor = { kind: "cli", uid: 0 } as const;

test("the search finds what is there", () => {
  const folders = makeFolders();
  for (const [index, { bytes }] of needleForms().entries()) {
    writeFileSync(join(folders.root, `${index}`), Buffer.concat([Buffer.alloc(5_000), bytes, Buffer.alloc(9)]));
  }
  expect(findNeedles(folders.root).length).toBeGreaterThanOrEqual(needleForms().length);
  folders.remove();
});

test("nothing readable in mid-call, after kill -9 and after the end; everything with the key", async () => {
  const folders = makeFolders();
  const { root, dataDir, keyFile } = folders;
  const writer = Bun.spawn([process.execPath, join(import.meta.dir, "needles-writer.ts"), root, dataDir, keyFile], {
    stdout: "pipe",
    env: { ...process.env, TMPDIR: root }, // its temporary files are searched as well
  });
  await writer.stdout.getReader().read(); // "ready"

  expect(statSync(join(dataDir, "gatehouse.db-wal")).size).toBeGreaterThan(0);
  expect(existsSync(join(dataDir, "recordings", "5b8f3a52-7e6c-4f0e-9d8e-0f5f5a3c1d11.ghr"))).toBe(true);
  expect(findNeedles(root)).toEqual([]);

  writer.kill("SIGKILL");
  await writer.exited;
  expect(findNeedles(root)).toEqual([]);
  expect(statSync(join(dataDir, "gatehouse.db-wal")).size).toBeGreaterThan(0);

  const records = openIn(folders);
  const { name, phone, spoken, samples } = makeNeedles();
  const [call] = records.readers.calls(actor, { limit: 1, before: undefined, outcome: undefined }).calls;
  const detail = records.readers.call(actor, call?.id ?? "");
  expect(call).toMatchObject({ callerNumber: phone, callerDisplay: name, recording: "open" });
  expect(detail?.turns[0]?.heard).toBe(spoken);
  expect(detail?.messages[0]?.about).toBe(spoken);
  expect(records.readers.contacts(actor, 9)).toMatchObject([{ name, phone }]);
  const { caller, sealed } = records.recordings.readRecording(call?.id ?? "");
  const expected = new Int16Array(8_000);
  decode("PCMA", encode("PCMA", samples), expected);
  expect(sealed).toBe(false);
  expect(caller.length).toBe(24_000); // all that was handed over before the kill
  expect(caller.subarray(16_000)).toEqual(expected);
  expect(records.verifyAudit()).toMatchObject({ intact: true });

  expect(records.callLog.endInterrupted(new Date())).toBe(1);
  // Its outcome by what it had committed; its summary, with the caller's words in it, on the disk but not to be read.
  const closed = records.readers.call(actor, call?.id ?? "");
  expect(closed?.call.outcome).toBe("message");
  expect(closed?.after?.summary).toContain(spoken);
  records.close();
  expect(findNeedles(root)).toEqual([]);
  expect(readdirSync(dataDir).sort()).toEqual(["gatehouse.db", "keys.json", "recordings"]);
  folders.remove();
});
