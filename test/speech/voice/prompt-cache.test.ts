import { expect, test } from "bun:test";
import { decode, encode } from "../../../src/media/g711.ts";
import type { Priority, Synthesiser } from "../../../src/speech/ports.ts";
import { createPromptCache } from "../../../src/speech/voice/prompt-cache.ts";

const audioOf = (text: string) => Int16Array.from({ length: 100 }, (_, i) => (text.charCodeAt(0) + i) * 50);
const never = new AbortController().signal;

/** Two clauses of 100 samples each; records what it was asked. */
function voice(): Synthesiser & { asked: [string, Priority | undefined][] } {
  const asked: [string, Priority | undefined][] = [];
  return {
    asked,
    async *synthesise(text, _signal, priority) {
      asked.push([text, priority]);
      yield audioOf(text);
      yield audioOf(text);
    },
  };
}

test("a prompt is spoken once, behind all callers, and kept whole for every codec", async () => {
  const speaker = voice();
  const cache = createPromptCache(speaker, "rp");
  await cache.prepare(["Hello", "Bye"], never);
  await cache.prepare(["Hello"], never);

  expect(speaker.asked).toEqual([
    ["Hello", "background"],
    ["Bye", "background"],
  ]);
  const whole = Int16Array.from([...audioOf("Hello"), ...audioOf("Hello")]);
  expect(cache.get("Hello", "PCMA")).toEqual({ kind: "encoded", codec: "PCMA", bytes: encode("PCMA", whole) });
  expect(cache.get("Hello", "PCMU")).toEqual({ kind: "encoded", codec: "PCMU", bytes: encode("PCMU", whole) });
  expect(cache.get("Hello", "G722")).toEqual({ kind: "pcm", rateHz: 8000, samples: whole });
  expect(cache.get("hello", "PCMU")).toBeUndefined();
});

test("it is bounded: the one longest unused goes first, one that fits at no time is not kept", async () => {
  // Each of 200 samples, in both laws and as PCM.
  const cache = createPromptCache(voice(), "rp", { limitBytes: 1600 });
  await cache.prepare(["a", "b"], never);
  cache.get("a", "PCMA");
  await cache.prepare(["c"], never);

  expect(cache.get("b", "PCMA")).toBeUndefined();
  expect(cache.get("a", "PCMA")).toBeDefined();
  expect(cache.status()).toMatchObject({ prompts: 2, bytes: 1600, evicted: 1, spoken: 3 });
  const small = createPromptCache(voice(), "rp", { limitBytes: 799 });
  await small.prepare(["a"], never);
  expect(small.get("a", "PCMA")).toBeUndefined();
});

test("where calls may be wide it is spoken at 16 kHz once, and narrowed for the others", async () => {
  const rates: unknown[] = [];
  const tone = (rateHz: number) =>
    Int16Array.from({ length: rateHz / 5 }, (_, n) => 9000 * Math.sin((2 * Math.PI * 1000 * n) / rateHz));
  const cache = createPromptCache(
    {
      async *synthesise(_text, _signal, _priority, rateHz) {
        rates.push(rateHz);
        yield tone(16_000);
      },
    },
    "rp",
    { rateHz: 16_000 },
  );
  await cache.prepare(["Hello"], never);
  expect(rates).toEqual([16_000]);
  expect(cache.get("Hello", "opus")).toEqual({ kind: "pcm", rateHz: 16_000, samples: tone(16_000) });
  const narrow = cache.get("Hello", "PCMA");
  const heard = new Int16Array(1600);
  if (narrow?.kind === "encoded") decode("PCMA", narrow.bytes, heard);
  const wanted = tone(8000);
  for (let n = 100; n < 1500; n++) expect(Math.abs((heard[n] ?? 0) - (wanted[n] ?? 0))).toBeLessThan(300);
  expect(cache.status().bytes).toBe(2 * 3200 + 1600 + 1600);
});

/** Keeps what it is given, as the folder of files does. */
function memoryStore() {
  const kept = new Map<string, Int16Array>();
  return {
    kept,
    get: (id: string) => kept.get(id),
    put: (id: string, samples: Int16Array) => void kept.set(id, samples),
    keepOnly(ids: Iterable<string>) {
      const wanted = new Set(ids);
      for (const id of [...kept.keys()]) if (!wanted.has(id)) kept.delete(id);
    },
    status: () => ({ damaged: 0, unwritten: 0 }),
  };
}

test("what was spoken before is not spoken again at the next start, and sounds the same", async () => {
  const store = memoryStore();
  const before = createPromptCache(voice(), "rp", { store });
  await before.prepare(["Hello", "Bye"], never);

  const speaker = voice();
  const after = createPromptCache(speaker, "rp", { store });
  expect(after.recall(["Hello", "Never said"])).toBe(1);
  expect(after.get("Hello", "PCMA")).toEqual(before.get("Hello", "PCMA"));
  expect(after.get("Bye", "PCMA")).toBeUndefined();
  await after.prepare(["Hello", "Bye"], never);
  expect(after.get("Bye", "G722")).toEqual(before.get("Bye", "G722"));
  expect(speaker.asked).toEqual([]);
  expect(after.status()).toMatchObject({ prompts: 2, recalled: 2, spoken: 0 });
});

test("another voice, another rate or another way of saying it is spoken anew; what is said no more is forgotten", async () => {
  const store = memoryStore();
  const asked = async (
    voiceName: string,
    options: { rateHz?: 8000 | 16_000; spokenForm?: (text: string) => string },
  ) => {
    const speaker = voice();
    await createPromptCache(speaker, voiceName, { store, ...options }).prepare(["Reading"], never);
    return speaker.asked.length;
  };

  expect(await asked("rp", {})).toBe(1);
  expect(await asked("rp", {})).toBe(0);
  expect(await asked("scotland", {})).toBe(1);
  expect(await asked("rp", { rateHz: 16_000 })).toBe(1);
  expect(await asked("rp", { spokenForm: (text) => text.replace("ea", "e") })).toBe(1);
  expect(store.kept.size).toBe(4);
  createPromptCache(voice(), "rp", { store }).keepOnly(["Reading"]);
  expect(store.kept.size).toBe(1);
  expect(await asked("rp", {})).toBe(0);
});

test("a prompt whose way of being said changes while we run is replaced when it is prepared again", async () => {
  let lexicon = "";
  const speaker = voice();
  const cache = createPromptCache(speaker, "rp", { spokenForm: (text) => text + lexicon });
  await cache.prepare(["Hello"], never);
  await cache.prepare(["Hello"], never);
  expect(speaker.asked).toHaveLength(1);
  lexicon = "x";
  await cache.prepare(["Hello"], never);
  expect(speaker.asked).toHaveLength(2);
  expect(cache.status()).toMatchObject({ prompts: 1, bytes: 800 });
});

test("what another voice says in its place is heard, and not kept for the next start", async () => {
  const store = memoryStore();
  const cache = createPromptCache(voice(), "rp", { store, isOwnVoice: () => false });
  await cache.prepare(["Hello"], never);

  expect(cache.get("Hello", "PCMA")).toBeDefined();
  expect(store.kept.size).toBe(0);
});

test("preparing ends where it is stopped", async () => {
  const stopping = new AbortController();
  const store = memoryStore();
  await createPromptCache(voice(), "rp", { store }).prepare(["Hello"], never);
  stopping.abort(new Error("closing"));

  expect(createPromptCache(voice(), "rp", { store }).prepare(["Hello"], stopping.signal)).rejects.toThrow("closing");
});
