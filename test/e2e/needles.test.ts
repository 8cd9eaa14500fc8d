/** Nothing that a caller says can be read on the disk: in mid-call, after it, after kill -9; with the key, all of it can. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoWish } from "../caller/demo-agency.ts";
import type { Wish } from "../caller/persona.ts";
import { type Folders, makeFolders, removeFolders, startAppliance } from "./appliance.ts";
import { createDemoCaller, type DemoCaller } from "./demo-caller.ts";
import { filesBelow, findSound, findWords, isLibrary, phrasesOf, templatesOf } from "./needles.ts";
import { withRecords } from "./opened.ts";

type CallDetail = { id: string; turns: { heard: string; said: string }[] };

const system = { kind: "system" } as const;
let folders: Folders;
let wish: Wish;
/** Searched for: what the caller was given to say, in its spellings, and three words in a row of all that was said. */
let words: string[];
let phrases: string[];
let caller: DemoCaller;
const sounds = { sent: [] as Int16Array[], received: [] as Int16Array[] };
const listening = {
  sent: (frame: Int16Array) => void sounds.sent.push(frame),
  received: (frame: Int16Array) => void sounds.received.push(frame),
};
const snapshots = new Map<string, string>();

beforeAll(async () => {
  folders = makeFolders();
  wish = demoWish();
  const national = `0${wish.phone.slice(3)}`;
  const grouped = `${national.slice(0, 5)} ${national.slice(5, 8)} ${national.slice(8)}`;
  words = [wish.name, wish.phone, national, grouped, wish.propertySpoken];
  caller = await createDemoCaller();
}, 60_000);
afterAll(() => removeFolders(folders));

/** Every byte as it is on the disk at this moment, to be searched when nobody is waiting on the telephone. */
function snapshot(name: string): void {
  const into = join(folders.root, "snapshots", name);
  const filter = (path: string) => !isLibrary(path) && !path.endsWith(".sock");
  for (const from of ["data", "tmp"]) cpSync(join(folders.root, from), join(into, from), { recursive: true, filter });
  snapshots.set(name, into);
}

function templates(): Int16Array[] {
  const whole = (frames: readonly Int16Array[]) => Int16Array.from(frames.flatMap((frame) => [...frame]));
  return [...templatesOf(whole(sounds.sent), 4), ...templatesOf(whole(sounds.received), 4)];
}

describe("what a caller says is not on the disk", () => {
  let detail: CallDetail | undefined;

  test("two calls are made: one to its end, one into a kill -9", async () => {
    const first = await startAppliance({ folders });
    const booked = await caller.call(first, wish, {
      ...listening,
      beforeLine: (n) => n === 6 && snapshot("in mid-call"),
    });
    expect(booked.ended).toBe("them");
    const [row] = await first.cli<{ id: string }[]>("calls", "list");
    detail = await first.cli<CallDetail>("calls", "show", row?.id ?? "");
    phrases = phrasesOf(detail.turns.flatMap(({ heard, said }) => [heard, said]));
    words.push(...phrases);
    snapshot("after the call");
    expect(await first.stop()).toBe(0);
    snapshot("stopped");

    const second = await startAppliance({ folders });
    const cut = new AbortController();
    await caller.call(second, wish, {
      ...listening,
      signal: cut.signal,
      beforeLine(n) {
        if (n === 4) void second.kill().then(() => cut.abort());
      },
    });
    snapshot("after kill -9");
  }, 200_000);

  for (const name of ["in mid-call", "after the call", "stopped", "after kill -9"]) {
    test(`${name}: no word and no sound of it in any file`, () => {
      const files = filesBelow(snapshots.get(name) ?? "");
      expect(files.map((file) => file.replace(/^.*\/(data|tmp)\//, "$1/"))).toContain("data/gatehouse.db");
      expect(files.some((file) => file.endsWith(".ghr"))).toBe(true);
      expect(words.length).toBeGreaterThan(20);
      expect(findWords(files, words)).toEqual([]);
      expect(findSound(files, templates())).toEqual([]);
    }, 60_000);
  }

  test("the native libraries, which are not searched for sound, hold none of its words", () => {
    const libraries = filesBelow(folders.data).filter(isLibrary);
    expect(libraries.length).toBeGreaterThan(1);
    expect(findWords(libraries, words)).toEqual([]);
  }, 60_000);

  test("with the key all of it is found, so the search can find", () => {
    withRecords(folders, (records) => {
      const opened = records.readers.call(system, detail?.id ?? "");
      const contact = records.readers.contacts(system, 10).find(({ phone }) => phone === wish.phone);
      const { caller: heard } = records.recordings.readRecording(detail?.id ?? "");
      const plain = join(folders.root, "plain"); // outside what is searched; the caller is invented
      writeFileSync(plain, JSON.stringify([opened, contact]));
      const found = new Set(findWords([plain], words).map(({ what }) => what));
      expect(phrases.filter((phrase) => !found.has(phrase))).toEqual([]);
      expect([found.has(wish.name), found.has(wish.phone)]).toEqual([true, true]);
      expect(heard.length).toBeGreaterThan(8_000 * 20);
      const sound = join(folders.root, "heard.pcm");
      writeFileSync(sound, Buffer.from(heard.buffer, heard.byteOffset, heard.byteLength));
      expect(findSound([sound], templates())).not.toEqual([]);
    });
  }, 60_000);
});
