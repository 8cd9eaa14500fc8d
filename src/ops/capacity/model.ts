/**
 * How many conversations a machine carries, from how long it takes to hear and to speak. Pure: a day at the office in
 * numbers. Callers speak, wait, listen and speak again; what they say queues before the Whisper processes and what is
 * said to them before the voice's. See docs/decisions/0005-capacity.md for what is in it and what is not.
 */

/** Measured, with every process of speech busy at once: what they cost one another is in it. */
export type Pace = {
  /** One Whisper process for an utterance of `utteranceSeconds`, ms. */
  hearMs: number;
  hearers: number;
  /** One voice process for the first clause of an answer, ms. */
  speakMs: number;
  speakers: number;
  /** Of one core, for the sound of one call. */
  mediaShare: number;
  cores: number;
};

export type Load = {
  calls: number;
  responseP50Ms: number;
  responseP95Ms: number;
  hearersBusy: number;
  speakersBusy: number;
};

/** The goal that docs call live: from the caller's last sound to the agent's first. */
export const goalMs = 900;
/** What `hearMs` was measured with. */
export const utteranceSeconds = 3;

/** Of callers and of ours, as the demo's calls go. Times in ms. */
const talk = {
  utterance: { least: 1_000, most: 5_000 },
  /** An utterance with a pause in it is heard up to there, too, for nothing. */
  pauseShare: 0.3,
  /** Silence until an utterance is heard in the hope that it is whole, and the least that is waited for more. */
  speculateAfter: 120,
  patience: 300,
  /** Answers that are made for this caller; the others lie in the prompt cache. Each has a clause behind the first. */
  madeShare: 0.5,
  /** From the first sound that is made to the caller: a frame, and the jitter buffer on its way in. */
  onTheWay: 80,
  /** The agent speaks, and the caller thinks. */
  answer: { least: 2_000, most: 5_000 },
};
/** Of one core, for signalling, database, pages and the system. */
const otherShare = 0.1;
const spanMs = 300_000;
const mostCalls = 100;

/** The most calls at which 95 of 100 answers begin within `goalMs`, 1 at the least. */
export function callsCarried(pace: Pace): Load {
  let [carried, beyond] = [1, mostCalls + 1];
  while (beyond - carried > 1) {
    const middle = Math.floor((carried + beyond) / 2);
    if (loadAt(pace, middle).responseP95Ms <= goalMs) carried = middle;
    else beyond = middle;
  }
  return loadAt(pace, carried);
}

type Event = { atMs: number; run(): void };
type Station = { freeAtMs: number[]; busyMs: number };

/** Five minutes of that many callers. The same at every run. */
export function loadAt(pace: Pace, calls: number): Load {
  const random = createRandom();
  const between = ({ least, most }: { least: number; most: number }) => least + random() * (most - least);
  const stretch = pace.cores / Math.max(0.05 * pace.cores, pace.cores - otherShare - calls * pace.mediaShare);
  const hearers: Station = { freeAtMs: new Array(pace.hearers).fill(0), busyMs: 0 };
  const speakers: Station = { freeAtMs: new Array(pace.speakers).fill(0), busyMs: 0 };
  const agenda = createAgenda();
  const responses: number[] = [];
  const hear = (atMs: number, lengthMs: number) =>
    serve(hearers, atMs, stretch * pace.hearMs * Math.max(0.3, lengthMs / (1000 * utteranceSeconds)));
  const speak = (atMs: number) => serve(speakers, atMs, stretch * pace.speakMs);

  function turn(fromMs: number): void {
    const lengthMs = between(talk.utterance);
    const endMs = fromMs + lengthMs;
    if (random() < talk.pauseShare) {
      const heardMs = lengthMs * random();
      agenda.add(fromMs + heardMs, () => void hear(fromMs + heardMs, heardMs));
    }
    agenda.add(endMs + talk.speculateAfter, () => {
      const understoodMs = Math.max(hear(endMs + talk.speculateAfter, lengthMs), endMs + talk.patience);
      agenda.add(understoodMs, () => {
        const isMade = random() < talk.madeShare;
        const saidMs = (isMade ? speak(understoodMs) : understoodMs) + talk.onTheWay;
        if (isMade) speak(understoodMs);
        responses.push(saidMs - endMs);
        const nextMs = saidMs + between(talk.answer);
        agenda.add(nextMs, () => turn(nextMs));
      });
    });
  }

  for (let call = 0; call < calls; call++) {
    const firstMs = random() * talk.answer.most;
    agenda.add(firstMs, () => turn(firstMs));
  }
  agenda.run(spanMs);
  const sorted = responses.sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * sorted.length)] ?? Number.POSITIVE_INFINITY);
  const busy = ({ busyMs, freeAtMs }: Station) => Math.min(1, busyMs / (spanMs * freeAtMs.length));
  return {
    calls,
    responseP50Ms: at(0.5),
    responseP95Ms: at(0.95),
    hearersBusy: busy(hearers),
    speakersBusy: busy(speakers),
  };
}

/** First come, first served, by whichever process is free first. @returns when it is done. */
function serve(station: Station, atMs: number, tookMs: number): number {
  const first = station.freeAtMs.indexOf(Math.min(...station.freeAtMs));
  const doneMs = Math.max(atMs, station.freeAtMs[first] ?? 0) + tookMs;
  station.freeAtMs[first] = doneMs;
  station.busyMs += tookMs;
  return doneMs;
}

/** What is to happen when; a heap, as many thousand things do. */
function createAgenda() {
  const heap: Event[] = [];
  const before = (a: number, b: number) => (heap[a]?.atMs ?? 0) < (heap[b]?.atMs ?? 0);
  const swap = (a: number, b: number) => {
    const [one, other] = [heap[a], heap[b]];
    if (one !== undefined && other !== undefined) [heap[a], heap[b]] = [other, one];
  };
  return {
    add(atMs: number, run: () => void): void {
      heap.push({ atMs, run });
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    run(untilMs: number): void {
      for (let next = heap[0]; next !== undefined && next.atMs <= untilMs; next = heap[0]) {
        swap(0, heap.length - 1);
        heap.pop();
        sink(0);
        next.run();
      }
    },
  };

  function sink(from: number): void {
    const [left, right] = [2 * from + 1, 2 * from + 2];
    let least = from;
    if (left < heap.length && before(left, least)) least = left;
    if (right < heap.length && before(right, least)) least = right;
    if (least === from) return;
    swap(from, least);
    sink(least);
  }
}

/** Numbers 0…1 that are the same at every run (xorshift32). */
function createRandom(): () => number {
  let state = 2_463_534_242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
