/**
 * Opus (RFC 6716) as RFC 7587 carries it, by libopus: one channel, its sound at 16 kHz both ways. The library conceals
 * what was lost itself, and better than from outside: from the next packet's redundancy (in-band FEC) if that is there,
 * otherwise from its own memory.
 */
import type { OpusDecoderHandle, OpusEncoderHandle } from "libopus-wasm";
import { type CallCodec, codecs } from "./codecs.ts";
import type { Run, Sound } from "./jitter-buffer.ts";
import type { OpusTerms } from "./messages.ts";

/** Memory of the library for one call: made for 16 kHz and one channel; `close` gives it back. */
export type OpusCoders = {
  encoder: Pick<
    OpusEncoderHandle,
    "encode" | "setBitrate" | "setFec" | "setPacketLossPercent" | "setMaxBandwidth" | "setVbr"
  >;
  decoder: Pick<OpusDecoderHandle, "decode" | "decodePacketLoss">;
  close(): void;
};

const { rateHz, clockHz } = codecs.opus;
const ticksPerSample = clockHz / rateHz;
/** Speech of 8 kHz bandwidth, with redundancy, is as good as it gets. */
const usualBitrate = 32_000;
/** RFC 6716 §2.1.1: from 6 kbit/s. */
const lowestBitrate = 6000;
/** What the encoder prepares for; redundancy is made only where loss is expected. */
const expectedLossPercent = 5;
/** 2.5 ms: the step of what can be made up. */
const stepSamples = rateHz / 400;
/** OPUS_BANDWIDTH_NARROWBAND, _MEDIUMBAND, _WIDEBAND: up to 4, 6 and 8 kHz. */
const bandwidths = { narrow: 1101, medium: 1102, wide: 1103 } as const;

/** Of a description that says nothing about them (RFC 7587 §6.1: the defaults). */
const noTerms: OpusTerms = { inBandFec: false, constantBitrate: false };

export function createOpusCodec(coders: OpusCoders, terms = noTerms): CallCodec {
  const { encoder, decoder } = coders;
  obey(encoder, terms);
  let current: { sound: Sound; samples: Int16Array } | undefined;
  let concealed = 0;

  /** @returns as many samples, made up. */
  function conceal(samples: number): Int16Array {
    concealed += samples;
    return decoder.decodePacketLoss(stepSamples * Math.ceil(samples / stepSamples));
  }

  /** The sound before `next`, of which it holds a coarser copy, if its sender put one in. */
  function recover(next: Sound, samples: number): Int16Array {
    const length = stepSamples * Math.ceil(samples / stepSamples);
    return decoded(() => decoder.decode(next.payload, { decodeFec: true, frameSize: length })) ?? conceal(samples);
  }

  function lost(next: Sound | undefined, into: Int16Array): void {
    const copied = next === undefined ? 0 : Math.min(into.length, Math.ceil(next.ticks / ticksPerSample));
    const gap = into.length - copied;
    if (gap > 0) into.set(conceal(gap).subarray(0, gap));
    if (next !== undefined && copied > 0) into.set(recover(next, copied).subarray(0, copied), gap);
  }

  function heard(sound: Sound, from: number, into: Int16Array): void {
    if (current?.sound !== sound) {
      const samples = sound.codec === "opus" ? decoded(() => decoder.decode(sound.payload)) : undefined;
      current = { sound, samples: samples ?? conceal(Math.ceil(sound.ticks / ticksPerSample)) };
    }
    into.fill(0);
    into.set(current.samples.subarray(from, from + into.length));
  }

  return {
    name: "opus",
    rateHz,
    decode(runs: readonly Run[], into) {
      let at = 0;
      for (const run of runs) {
        const part = into.subarray(Math.floor(at / ticksPerSample), Math.floor((at + run.ticks) / ticksPerSample));
        at += run.ticks;
        if (run.kind === "heard") heard(run.sound, Math.floor(run.offset / ticksPerSample), part);
        else if (run.kind === "lost") lost(run.next, part);
        else part.fill(0);
      }
    },
    adapt: (asked = noTerms) => obey(encoder, asked),
    encode: (samples) => encoder.encode(samples, { frameSize: samples.length }),
    get concealedMs() {
      return (1000 * concealed) / rateHz;
    },
    close: coders.close,
  };
}

/** RFC 7587 §6.1: what the receiver of a stream says about itself is what its sender keeps to. */
function obey(encoder: OpusCoders["encoder"], terms: OpusTerms): void {
  encoder.setBitrate(Math.max(lowestBitrate, Math.min(usualBitrate, terms.maxBitrate ?? usualBitrate)));
  encoder.setVbr(!terms.constantBitrate);
  encoder.setFec(terms.inBandFec);
  encoder.setPacketLossPercent(terms.inBandFec ? expectedLossPercent : 0);
  const playbackHz = terms.maxPlaybackHz ?? rateHz;
  encoder.setMaxBandwidth(
    playbackHz >= 16_000 ? bandwidths.wide : playbackHz >= 12_000 ? bandwidths.medium : bandwidths.narrow,
  );
}

/** Bytes of a stranger: what is no packet after all is made up for. The library's own memory is none the worse. */
function decoded(decode: () => Int16Array): Int16Array | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Error && error.name === "OpusError") return undefined;
    throw error;
  }
}
