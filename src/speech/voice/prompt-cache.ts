/** Prompts whose words are the same in every call: spoken once, kept in memory ready for the wire in both laws. */
import { encode } from "../../media/g711.ts";
import type { CodecName, PlayableAudio, RateHz } from "../../media/messages.ts";
import { resampled } from "../../media/resample.ts";
import type { Synthesiser } from "../ports.ts";
import { toInt16 } from "./level.ts";

export interface PromptCache {
  /**
   * Speaks what is not there yet, one after another, behind all answers to callers.
   * @throws as the synthesiser does; what was made before stays.
   */
  prepare(texts: readonly string[], signal: AbortSignal): Promise<void>;
  /** Keeps audio of `text` that was made anyway, of the cache's rate. */
  put(text: string, samples: Int16Array): void;
  /** In the law asked for; PCM for what the Worker has to encode itself, as its encoder has memory. */
  get(text: string, codec: CodecName): PlayableAudio | undefined;
  status(): { prompts: number; bytes: number; evicted: number };
}

/** `pcm`, of the cache's rate, for codecs with a memory: what was encoded in one stream cannot be put into another. */
type Prompt = { pcm: Int16Array; PCMA: Uint8Array; PCMU: Uint8Array };

const sizeOf = ({ pcm, PCMA, PCMU }: Prompt) => pcm.byteLength + PCMA.byteLength + PCMU.byteLength;

/** A quarter of an hour of prompts, of ten minutes and more at 16 kHz; a flow has a few minutes. */
const defaultLimitBytes = 32 * 1024 * 1024;

/**
 * @param voice Names the voice and its settings: audio of another is never given out. `rateHz`: of the widest calls that
 *   there may be; 8 kHz is made of it for the others. `limitBytes`: beyond it the longest unused go.
 */
export function createPromptCache(
  synthesiser: Synthesiser,
  voice: string,
  { rateHz = 8000, limitBytes = defaultLimitBytes }: { rateHz?: RateHz; limitBytes?: number } = {},
): PromptCache {
  const prompts = new Map<string, Prompt>(); // in order of use, the latest last
  let bytes = 0;
  let evicted = 0;
  const keyOf = (text: string) => `${voice}\n${text}`;

  const drop = (key: string) => {
    const prompt = prompts.get(key);
    if (prompt === undefined) return;
    prompts.delete(key);
    bytes -= sizeOf(prompt);
  };

  const put = (text: string, samples: Int16Array) => {
    const narrow = rateHz === 8000 ? samples : narrowed(samples);
    const prompt: Prompt = { pcm: samples, PCMA: encode("PCMA", narrow), PCMU: encode("PCMU", narrow) };
    const size = sizeOf(prompt);
    if (size > limitBytes) return;
    drop(keyOf(text));
    for (const oldest of prompts.keys()) {
      if (bytes + size <= limitBytes) break;
      drop(oldest);
      evicted++;
    }
    prompts.set(keyOf(text), prompt);
    bytes += size;
  };

  return {
    async prepare(texts, signal) {
      for (const text of texts) {
        if (prompts.has(keyOf(text))) continue;
        const clauses: Int16Array[] = [];
        for await (const clause of synthesiser.synthesise(text, signal, "background", rateHz)) clauses.push(clause);
        put(text, joined(clauses));
      }
    },
    put,
    get(text, codec) {
      const prompt = prompts.get(keyOf(text));
      if (prompt === undefined) return undefined;
      prompts.delete(keyOf(text));
      prompts.set(keyOf(text), prompt);
      if (codec !== "PCMA" && codec !== "PCMU") return { kind: "pcm", rateHz, samples: prompt.pcm };
      return { kind: "encoded", codec, bytes: prompt[codec] };
    },
    status: () => ({ prompts: prompts.size, bytes, evicted }),
  };
}

function narrowed(samples: Int16Array): Int16Array {
  const wide = Float32Array.from(samples, (sample) => sample / 32_768);
  return toInt16(resampled(wide, 16_000, 8000));
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
