/** Memory of a voice's process over many clauses, of a word to a long sentence, as answers mix them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startSpeech } from "../../src/speech/pool.ts";
import type { VoiceSettings } from "../../src/speech/voice/engine.ts";

export type MemoryPoint = { clauses: number; bytes: number };

const texts = [
  "Yes.",
  "Thank you very much.",
  "Which day suits you best?",
  "I can offer you Tuesday at half past two.",
  "The house has three bedrooms and a garden that looks to the south.",
];
const points = 10;

/** @returns Resident memory of the child at the beginning and after each tenth. */
export async function voiceMemory({
  nativeDir,
  voice,
  clauses,
  progress = () => undefined,
}: {
  nativeDir: string;
  voice: VoiceSettings;
  clauses: number;
  progress?: (text: string) => void;
}): Promise<MemoryPoint[]> {
  const silent = () => undefined;
  const speech = startSpeech({
    nativeDir,
    spawnCommand: [process.execPath, join(import.meta.dir, "../speech/pool/child-main.ts")],
    whisper: { source: { embedded: "models/demo-whisper/" }, precision: "int8", count: 0 },
    voice: { ...voice, count: 1 },
    log: { info: silent, warn: silent, error: silent },
  });
  try {
    await speech.ready;
    const found: MemoryPoint[] = [];
    const never = new AbortController().signal;
    for (let spoken = 0; spoken <= clauses; spoken++) {
      if (spoken % Math.ceil(clauses / points) === 0) {
        found.push({ clauses: spoken, bytes: residentBytes(speech.status()[0]?.pid ?? 0) });
        progress(`${spoken} clauses`);
      }
      await Array.fromAsync(speech.synthesise(texts[spoken % texts.length] ?? "", never));
    }
    return found;
  } finally {
    await speech.close();
  }
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) * 1024;
}
