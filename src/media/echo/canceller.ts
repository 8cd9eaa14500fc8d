/**
 * Our own voice, as it comes back from a telephone on speaker: found, taken out, and told from the caller's. Counts
 * samples and knows no clock; it works only while we speak and until the last echo of it has gone by. Where nothing of ours
 * comes back, what is heard is passed on as it is, and nothing is ever held back. Why it is made so: docs/decisions/0007-echo.md.
 */
import type { MediaStats, RateHz } from "../messages.ts";
import { createKnownPath, type KnownPath } from "./known-path.ts";
import { createPathSearch, type FoundPath, shifted } from "./path-search.ts";
import { createTimeline, tailMs } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export type Cleaned = {
  /** Without our echo; the very frame that was given, where there is none. Valid until the next call. */
  samples: Int16Array;
  verdict: Verdict;
};

export type EchoCanceller = {
  /** What leaves in a frame: whole tens of ms. Every frame, silence included. */
  said(frame: Int16Array): void;
  /**
   * What has come in the same time.
   * @param grown it waited so many samples longer at our end than the frame before it, or shorter, and its echo with it.
   */
  heard(frame: Int16Array, grown?: number): Cleaned;
  readonly rateHz: RateHz;
  /** Undefined while no echo was found. */
  readonly stats: MediaStats["echo"];
};

/** −54 dBFS: of what we say, less is silence. −50: of what comes, less is not searched. */
const [saidPeak, searchedPeak] = [64, 100];
/** Between two searches: while it is not known whether there is an echo, and afterwards. */
const [searchEveryMs, searchSeldomMs] = [60, 120];
const searchedMs = 240;
/** So much said in a call without an echo: there is none. */
const provenSilentMs = 1000;
/** A jitter buffer moves by less. What looks like more is a sender whose clock stood still while it was silent. */
const longestShiftMs = 600;
/** Where a path is suddenly wrong, the sound from before is of the old one. */
const movedMs = 160;

export function createEchoCanceller(rateHz: RateHz): EchoCanceller {
  const perMs = rateHz / 1000;
  const timeline = createTimeline(rateHz, searchedMs + 200);
  const search = createPathSearch(timeline);
  let known: KnownPath | undefined;
  /** Until when what is heard may be an echo, in samples. */
  let busyUntil = 0;
  let wasBusy = false;
  /** By us, while no echo was known. */
  let saidMs = 0;
  let sinceSearchMs = 0;
  let cancelledMs = 0;
  let latest: Verdict = "caller";
  /** What the path was before: a voice over our own can look like another path for a moment. */
  let former: FoundPath | undefined;

  /**
   * The path is as long as it was, and what we held it back for is known: nothing must be learned again. What a jitter
   * buffer makes up while it waits is nobody's sound, and is judged like what came before it.
   */
  function shift(path: KnownPath, frame: Int16Array, grown: number): Cleaned | undefined {
    const isMadeUp = grown > 0;
    if (former !== undefined) former = shifted(former, grown, rateHz);
    path.shift(grown, isMadeUp ? timeline.heardEnd : timeline.heardEnd - frame.length);
    return isMadeUp ? { samples: frame, verdict: latest } : undefined;
  }

  function beginIfNew(): void {
    if (wasBusy) return;
    search.clear();
    known?.rest();
  }

  function seek(frame: Int16Array): Cleaned {
    const isProven = saidMs >= provenSilentMs;
    sinceSearchMs += frame.length / perMs;
    if (isLoud(frame, searchedPeak) && sinceSearchMs >= (isProven ? searchSeldomMs : searchEveryMs)) {
      sinceSearchMs = 0;
      const found = search.find(searchedMs);
      if (found) known = createKnownPath(timeline, found);
      if (found) return { samples: frame, verdict: "echo" };
    }
    return { samples: frame, verdict: isProven ? "caller" : "unsure" };
  }

  function cancel(frame: Int16Array, path: KnownPath): Cleaned {
    cancelledMs += frame.length / perMs;
    const cleaned = path.cancel(frame);
    if (path.isIdle) [known, former] = [undefined, undefined];
    if (!path.isDoubtful || !isLoud(frame, searchedPeak)) return cleaned;
    const isBack = former !== undefined && search.holds(former, movedMs);
    const moved = isBack ? former : search.find(movedMs, path.path.lagMs);
    if (moved === undefined) return cleaned;
    former = path.path;
    path.follow(moved);
    return { samples: cleaned.samples, verdict: "echo" };
  }

  function hear(frame: Int16Array, grown: number): Cleaned {
    timeline.heard(frame);
    const isShifted = grown !== 0 && Math.abs(grown) <= longestShiftMs * perMs;
    const madeUp = known !== undefined && isShifted ? shift(known, frame, grown) : undefined;
    const isBusy = timeline.heardEnd <= busyUntil;
    if (isBusy) beginIfNew();
    wasBusy = isBusy;
    if (!isBusy) return { samples: frame, verdict: "caller" };
    search.follow(frame);
    if (madeUp !== undefined) return madeUp;
    return known === undefined ? seek(frame) : cancel(frame, known);
  }

  return {
    said(frame) {
      timeline.said(frame);
      if (!isLoud(frame, saidPeak)) return;
      busyUntil = timeline.saidEnd + tailMs * perMs;
      if (known === undefined) saidMs += frame.length / perMs;
    },
    heard(frame, grown = 0) {
      const cleaned = hear(frame, grown);
      latest = cleaned.verdict;
      return cleaned;
    },
    rateHz,
    get stats() {
      if (known === undefined) return undefined;
      const { filter, lagMs } = known.path;
      return { returnLossDb: -10 * Math.log10(filter.gain + 1e-9), delayMs: lagMs, cancelledMs };
    },
  };
}

function isLoud(samples: Int16Array, peak: number): boolean {
  for (let n = 0; n < samples.length; n++) if (Math.abs(samples[n] ?? 0) > peak) return true;
  return false;
}
