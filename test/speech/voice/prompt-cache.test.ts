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

test("it is bounded: the one longest unused goes first, one that fits at no time is not kept", () => {
  const cache = createPromptCache(voice(), "rp", { limitBytes: 800 }); // two prompts of 100 samples in both laws and as PCM
  cache.put("a", audioOf("a"));
  cache.put("b", audioOf("b"));
  cache.get("a", "PCMA");
  cache.put("c", audioOf("c"));
  cache.put("long", new Int16Array(201));

  expect(cache.get("b", "PCMA")).toBeUndefined();
  expect(cache.get("a", "PCMA")).toBeDefined();
  expect(cache.get("long", "PCMA")).toBeUndefined();
  expect(cache.status()).toEqual({ prompts: 2, bytes: 800, evicted: 1 });
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

test("a prompt put again replaces itself", () => {
  const cache = createPromptCache(voice(), "rp", { limitBytes: 800 });
  cache.put("a", audioOf("a"));
  cache.put("a", audioOf("b"));

  expect(cache.get("a", "PCMU")).toMatchObject({ bytes: encode("PCMU", audioOf("b")) });
  expect(cache.status().bytes).toBe(400);
});
