/** Speech for the whole appliance: the children of both kinds behind the ports that the calls know. */
import { AppError } from "../app-error.ts";
import type { Lexicon } from "../english/pronunciations.ts";
import type { Log } from "../log.ts";
import type { RateHz } from "../media/messages.ts";
import { ChildGroup } from "./child-group.ts";
import type { Answer, Job, WhisperSettings } from "./child-messages.ts";
import { createPartQueue } from "./part-queue.ts";
import type { Priority, Speech, SpeechHealth, SpokenPart } from "./ports.ts";
import type { Clause } from "./voice/clauses.ts";
import { lastResortVoice, type VoiceSettings } from "./voice/engine.ts";
import { lexiconOf, ownLexicon, spokenClauses } from "./voice/spoken-clauses.ts";

export type SpeechSettings = {
  /** What `extractNatives` returned. */
  nativeDir: string;
  /** The command that runs `gatehouse speech` (`selfCommand(["speech"])`). */
  spawnCommand: readonly string[];
  /** `count`: processes, each with the model in its memory; 0 where that half of speech is not wanted. */
  whisper: WhisperSettings & { count: number };
  voice: VoiceSettings & { count: number };
  /** Whether espeak-ng may speak where a Piper voice does not work: for callers, not where that voice is to be measured. */
  lastResort?: boolean;
  log: Log;
};

/** Waiting longer than this many jobs take is no answer to a caller. */
const queueLimit = 64;
/** Audio is at most 30 s, a clause about ten. */
const mostHearingMs = 30_000;
const mostSpeakingMs = 15_000;
/** The first job of all; those after it are bounded by what the ones before took. */
const unmeasuredJobMs = 8_000;
const longestText = 4000;
const longestAudioSamples = 30 * 16_000;

/** Starts the children; nothing waits for them but `ready` and the first requests. */
export function startSpeech({ nativeDir, spawnCommand, whisper, voice, lastResort, log }: SpeechSettings): Speech {
  const { count: whisperCount, ...whisperSettings } = whisper;
  const { count: voiceCount, ...voiceSettings } = voice;
  let lexicon = ownLexicon;
  const listeners = new Set<(health: SpeechHealth) => void>();
  const isSlow = () => voice.engine === "piper" && speaking.health().state !== "last-resort";
  const health = (): SpeechHealth => ({ hearing: hearing.health(), speaking: speaking.health() });
  const changed = () => {
    for (const listener of listeners) listener(health());
  };
  const common = { command: spawnCommand, log, queueLimit, unmeasuredJobMs, changed };
  const spareVoice = voice.engine === "piper" && lastResort === true;
  const hearing = new ChildGroup({
    ...common,
    kind: "whisper",
    count: whisperCount,
    load: { kind: "load", nativeDir, model: { kind: "whisper", whisper: whisperSettings } },
    model: "folder" in whisper.source ? whisper.source.folder : whisper.source.embedded,
    mostJobMs: mostHearingMs,
  });
  const speaking = new ChildGroup({
    ...common,
    kind: "voice",
    count: voiceCount,
    load: { kind: "load", nativeDir, model: { kind: "voice", voice: voiceSettings } },
    model: nameOf(voice),
    mostJobMs: mostSpeakingMs,
    ...(spareVoice
      ? { lastResort: { kind: "load", nativeDir, model: { kind: "voice", voice: lastResortVoice } } }
      : {}),
  });
  const ready = Promise.all([hearing.ready, speaking.ready]).then(() => undefined);
  ready.catch(() => undefined); // for those who await it
  return {
    ready,
    readyToHear: hearing.ready,
    readyToSpeak: speaking.ready,
    health,
    onHealth(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async transcribe(samples, { search, ...wish }) {
      if (samples.length > longestAudioSamples) throw new AppError("invalid_input", "More than 30 s of audio");
      const job: Job = { kind: "transcribe", samples };
      if (search) {
        const byMs = performance.timeOrigin + performance.now() + search.withinMs;
        job.search = { liftNames: search.liftNames, byMs };
      }
      return expected(await hearing.request(job, wish), "transcribed").transcript;
    },
    synthesise: (text, signal, priority = "answer", rateHz = 8000) =>
      clausesOf(
        // espeak-ng makes a clause in milliseconds; what nobody waits for is better cut where people pause.
        spoken(speaking, { text, rateHz, lexicon, early: isSlow() && priority === "answer" }, signal, priority, log),
      ),
    speak: (text, signal, rateHz) =>
      spoken(speaking, { text, rateHz, lexicon, early: isSlow(), inParts: true }, signal, "answer", log),
    pronounce(entries) {
      lexicon = lexiconOf(entries);
    },
    spokenForm: (text) => JSON.stringify(spokenClauses(text, lexicon)),
    tryOut: (entry, signal, rateHz = 8000) => {
      const alone = { text: entry.written, rateHz, lexicon: lexiconOf([entry]), early: false };
      return clausesOf(spoken(speaking, alone, signal, "background", log));
    },
    expect: (names) => hearing.tell({ kind: "expect", names }),
    status: () => [...hearing.status(), ...speaking.status()],
    async close() {
      await Promise.all([hearing.close(), speaking.close()]);
    },
  };
}

/** For status. */
function nameOf(voice: VoiceSettings): string {
  if (voice.engine === "espeak") return `espeak-ng ${voice.voice}`;
  return "file" in voice.model ? voice.model.file : voice.model.embedded;
}

type Text = { text: string; rateHz: RateHz; lexicon: Lexicon; early: boolean; inParts?: boolean };

/**
 * Clause by clause: while the consumer plays one, the next is being made. Each clause queues anew, so calls that speak at
 * the same time take turns. When the consumer stops, what is still being made is aborted.
 */
async function* spoken(
  speaking: ChildGroup,
  { text, rateHz, lexicon, early, inParts = false }: Text,
  signal: AbortSignal,
  priority: Priority,
  log: Log,
): AsyncGenerator<SpokenPart> {
  signal.throwIfAborted();
  if (text.length > longestText) throw new AppError("invalid_input", `A text of more than ${longestText} characters`);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const begin = (clause: Clause | undefined) => {
    if (clause === undefined) return undefined;
    const parts = createPartQueue();
    const job: Job = { kind: "speak", ...clause, rateHz, inParts };
    const made = speaking.request(job, { priority, signal: either, part: parts.push });
    made.then(parts.close, parts.close); // and if it fails it is awaited below, unless the consumer has gone
    return { parts, made };
  };
  try {
    const clauses = spokenClauses(text, lexicon, { early });
    let next = begin(clauses.shift());
    while (next !== undefined) {
      for await (const samples of next.parts.all()) yield { samples, endsClause: false };
      const { audio, fellBack, unknownPhonemes } = expected(await next.made, "spoken");
      if (fellBack) log.warn("the voice failed on a clause; espeak-ng spoke it");
      if (unknownPhonemes > 0) log.info("phonemes that the voice does not know", { count: unknownPhonemes });
      next = begin(clauses.shift());
      yield { samples: audio, endsClause: true };
    }
  } finally {
    stop.abort();
  }
}

/** Of what was not asked for in parts each is a clause. */
async function* clausesOf(parts: AsyncIterable<SpokenPart>): AsyncGenerator<Int16Array> {
  for await (const { samples } of parts) yield samples;
}

function expected<K extends Answer["kind"]>(answer: Answer, kind: K): Answer & { kind: K } {
  if (answer.kind !== kind) throw new Error(`a speech child answered "${answer.kind}" to what asks for "${kind}"`);
  return answer as Answer & { kind: K };
}
