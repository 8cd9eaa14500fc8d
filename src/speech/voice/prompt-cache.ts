/**
 * Prompts whose words are the same in every call: spoken once, kept in memory ready for the wire in both laws, and in a
 * store for the next start.
 */
import { createHash } from "node:crypto";
import { encode } from "../../media/g711.ts";
import type { CodecName, PlayableAudio, RateHz } from "../../media/messages.ts";
import { resampled } from "../../media/resample.ts";
import type { Synthesiser } from "../ports.ts";
import { joinedPcm } from "./join.ts";
import { toInt16 } from "./level.ts";

/** Where rendered prompts outlive the process. `id`: of voice, settings, rate and words. It never throws. */
export interface PromptStore {
  get(id: string): Int16Array | undefined;
  put(id: string, samples: Int16Array): void;
  keepOnly(ids: Iterable<string>): void;
  /** `damaged`: was there and did not open as what it should be. `unwritten`: could not be kept. */
  status(): { damaged: number; unwritten: number };
}

/** `recalled` came out of the store, `spoken` had to be made. */
export type PromptStatus = {
  prompts: number;
  bytes: number;
  evicted: number;
  recalled: number;
  spoken: number;
  damaged: number;
  unwritten: number;
};

export interface PromptCache {
  /**
   * Takes what is not there yet out of the store; speaks the rest, one after another, behind all answers to callers. To
   * be called again when the way in which words are said has changed: then those concerned are made anew.
   * @throws as the synthesiser does; what was made before stays.
   */
  prepare(texts: readonly string[], signal: AbortSignal): Promise<void>;
  /** Those of `texts` that are in the store already, without speaking. @returns how many of them there are now. */
  recall(texts: readonly string[]): number;
  /** The store keeps these, and no others. */
  keepOnly(texts: readonly string[]): void;
  /** In the law asked for; PCM for what the Worker has to encode itself, as its encoder has memory. */
  get(text: string, codec: CodecName): PlayableAudio | undefined;
  status(): PromptStatus;
}

/**
 * `pcm`, of the cache's rate, for codecs with a memory: what was encoded in one stream cannot be put into another. `id`:
 * of what was rendered.
 */
type Prompt = { id: string; pcm: Int16Array; PCMA: Uint8Array; PCMU: Uint8Array };

const sizeOf = ({ pcm, PCMA, PCMU }: Prompt) => pcm.byteLength + PCMA.byteLength + PCMU.byteLength;

/** A quarter of an hour of prompts, of ten minutes and more at 16 kHz; a flow has a few minutes. */
const defaultLimitBytes = 32 * 1024 * 1024;

export type PromptCacheOptions = {
  /** Of the widest calls that there may be; 8 kHz is made of it for the others. */
  rateHz?: RateHz;
  /** Beyond it the longest unused go. */
  limitBytes?: number;
  store?: PromptStore;
  /** What the voice is really given for a text: when that changes, the text is spoken anew. */
  spokenForm?: (text: string) => string;
  /** Whether the voice itself has been speaking: what another says in its place serves until the next start only. */
  isOwnVoice?: () => boolean;
};

/** @param voice Names the voice and its settings: audio of another is never given out. */
export function createPromptCache(
  synthesiser: Synthesiser,
  voice: string,
  {
    rateHz = 8000,
    limitBytes = defaultLimitBytes,
    store,
    spokenForm = (text) => text,
    isOwnVoice = () => true,
  }: PromptCacheOptions = {},
): PromptCache {
  const prompts = new Map<string, Prompt>(); // by text, in order of use, the latest last
  let bytes = 0;
  const counts = { evicted: 0, recalled: 0, spoken: 0 };
  const idOf = (text: string) =>
    createHash("sha256")
      .update(JSON.stringify([voice, rateHz, spokenForm(text)]))
      .digest("base64url");

  const drop = (text: string) => {
    const prompt = prompts.get(text);
    if (prompt === undefined) return;
    prompts.delete(text);
    bytes -= sizeOf(prompt);
  };

  const keep = (text: string, id: string, samples: Int16Array) => {
    const narrow = rateHz === 8000 ? samples : narrowed(samples);
    const prompt: Prompt = { id, pcm: samples, PCMA: encode("PCMA", narrow), PCMU: encode("PCMU", narrow) };
    const size = sizeOf(prompt);
    if (size > limitBytes) return;
    drop(text);
    for (const oldest of prompts.keys()) {
      if (bytes + size <= limitBytes) break;
      drop(oldest);
      counts.evicted++;
    }
    prompts.set(text, prompt);
    bytes += size;
  };

  const isThere = (text: string, id: string): boolean => {
    if (prompts.get(text)?.id === id) return true;
    const stored = store?.get(id);
    if (stored === undefined) return false;
    counts.recalled++;
    keep(text, id, stored);
    return true;
  };

  return {
    async prepare(texts, signal) {
      for (const text of texts) {
        const id = idOf(text);
        signal.throwIfAborted();
        if (isThere(text, id)) {
          await new Promise<void>((resolve) => setImmediate(resolve)); // each takes a millisecond: calls come in between
          continue;
        }
        const clauses: Int16Array[] = [];
        for await (const clause of synthesiser.synthesise(text, signal, "background", rateHz)) clauses.push(clause);
        const whole = joinedPcm(clauses);
        counts.spoken++;
        keep(text, id, whole);
        if (isOwnVoice()) store?.put(id, whole);
      }
    },
    recall: (texts) => texts.filter((text) => isThere(text, idOf(text))).length,
    keepOnly: (texts) => store?.keepOnly(texts.map(idOf)),
    get(text, codec) {
      const prompt = prompts.get(text);
      if (prompt === undefined) return undefined;
      prompts.delete(text);
      prompts.set(text, prompt);
      if (codec !== "PCMA" && codec !== "PCMU") return { kind: "pcm", rateHz, samples: prompt.pcm };
      return { kind: "encoded", codec, bytes: prompt[codec] };
    },
    status: () => ({ prompts: prompts.size, bytes, ...counts, ...(store?.status() ?? { damaged: 0, unwritten: 0 }) }),
  };
}

function narrowed(samples: Int16Array): Int16Array {
  const wide = Float32Array.from(samples, (sample) => sample / 32_768);
  return toInt16(resampled(wide, 16_000, 8000));
}
