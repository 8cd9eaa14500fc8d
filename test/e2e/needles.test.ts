/** Nothing that a caller says can be read on the disk: in mid-call, after it, after kill -9; with the key, all of it can. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extractNatives, sqliteBinding } from "../../src/embedded/natives.ts";
import { openStore } from "../../src/store/open-store.ts";
import { type CallerParts, converse } from "../caller/conversation.ts";
import { demoWish } from "../caller/demo-agency.ts";
import type { Wish } from "../caller/persona.ts";
import { createMouth, createUnderstanding } from "../caller/voice.ts";
import { type Appliance, type Folders, makeFolders, removeFolders, startAppliance } from "./appliance.ts";
import { filesBelow, findSound, findWords, phrasesOf, templatesOf } from "./needles.ts";

type CallDetail = { id: string; turns: { heard: string; said: string }[] };

const system = { kind: "system" } as const;
let folders: Folders;
let wish: Wish;
let words: string[];
const sounds = { sent: [] as Int16Array[], received: [] as Int16Array[] };
let parts: Pick<CallerParts, "say" | "understand">;

beforeAll(async () => {
  folders = makeFolders();
  wish = demoWish();
  const national = `0${wish.phone.slice(3)}`;
  words = [
    wish.name,
    wish.phone,
    national,
    `${national.slice(0, 5)} ${national.slice(5, 8)} ${national.slice(8)}`,
    wish.propertySpoken,
  ];
  const [say, understand] = await Promise.all([createMouth("gmw/en"), createUnderstanding()]);
  parts = { say, understand };
}, 60_000);
afterAll(() => removeFolders(folders));

const join16 = (frames: readonly Int16Array[]) => Int16Array.from(frames.flatMap((frame) => [...frame]));

function scan(): { files: number; findings: unknown[] } {
  const files = [...filesBelow(folders.data), ...filesBelow(folders.temp)];
  const templates = [...templatesOf(join16(sounds.sent), 4), ...templatesOf(join16(sounds.received), 4)];
  return { files: files.length, findings: [...findWords(files, words), ...findSound(files, templates)] };
}

/** Calls, and runs `midway` when the caller has said the fifth line (the phone number). */
async function call(appliance: Appliance, midway: () => Promise<void> | void) {
  let lines = 0;
  let during: Promise<void> | undefined;
  const conversation = await converse({ ...appliance.sip, number: "200", from: "07700900123" }, wish, {
    ...parts,
    narrate: (what) => {
      if (what === "says" && ++lines === 6) during = Promise.resolve(midway());
    },
    sent: (frame) => sounds.sent.push(frame),
    received: (frame) => sounds.received.push(frame),
  });
  await during;
  return conversation;
}

describe("what a caller says is not on the disk", () => {
  let midCall: ReturnType<typeof scan> | undefined;
  let detail: CallDetail | undefined;

  test("in mid-call, and in any file of a call that has ended", async () => {
    const appliance = await startAppliance({ folders });
    await call(appliance, () => {
      midCall = scan();
    });
    const [row] = await appliance.cli<{ id: string }[]>("calls", "list");
    detail = await appliance.cli<CallDetail>("calls", "show", row?.id ?? "");
    words.push(...phrasesOf(detail.turns.flatMap(({ heard, said }) => [heard, said])));
    const after = scan();
    expect(await appliance.stop()).toBe(0);
    const stopped = scan();
    expect(words.length).toBeGreaterThan(20);
    expect(midCall?.files).toBeGreaterThan(3);
    for (const scanned of [midCall, after, stopped]) expect(scanned?.findings).toEqual([]);
  }, 150_000);

  test("after kill -9 in mid-call", async () => {
    const appliance = await startAppliance({ folders });
    await call(appliance, () => appliance.kill());
    expect(scan().findings).toEqual([]);
  }, 150_000);

  test("with the key all of it is found, so the search can find", () => {
    const nativeDir = extractNatives(folders.data);
    const records = openStore({
      dataDir: folders.data,
      keyFile: folders.key,
      nativeBinding: sqliteBinding(nativeDir),
      clock: () => new Date(),
    });
    try {
      const opened = records.readers.call(system, detail?.id ?? "");
      const contact = records.readers.contacts(system, 10).find(({ phone }) => phone === wish.phone);
      const recording = records.recordings.readRecording(detail?.id ?? "");
      const plain = join(folders.root, "plain"); // outside what is scanned; the invented caller's
      writeFileSync(plain, JSON.stringify([opened, contact]));
      const found = new Set(findWords([plain], words).map(({ what }) => what));
      expect(words.filter((word) => !found.has(word) && phraseFromCall(word))).toEqual([]);
      expect(found.has(wish.name)).toBe(true);
      expect(found.has(wish.phone)).toBe(true);
      const heard = join(folders.root, "heard.pcm");
      writeFileSync(
        heard,
        Buffer.from(recording.caller.buffer, recording.caller.byteOffset, recording.caller.byteLength),
      );
      expect(readFileSync(heard).length).toBeGreaterThan(16_000 * 20);
      expect(findSound([heard], templatesOf(join16(sounds.sent), 4))).not.toEqual([]);
    } finally {
      records.close();
    }
  });
});

/** The number's other spellings are searched for but nobody says that they are kept. */
const phraseFromCall = (word: string) => word.split(" ").length === 3 && !/^\d/.test(word);
