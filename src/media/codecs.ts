/** The codecs as RTP and SDP know them (clocks, rates, numbers), and what each can do for a call (call-codec.ts). */
import type { Run } from "./jitter-buffer.ts";
import type { CodecName, OpusTerms, RateHz } from "./messages.ts";

export type CodecDescription = {
  /** Of RTP timestamps, and in the SDP. For G.722 and Opus it is not the rate of the sound. */
  clockHz: 8000 | 48_000;
  /** Of the PCM that it is made from and into here. */
  rateHz: RateHz;
  /** What the SDP says after the clock; RFC 7587 §7: always 2 for Opus, one channel or two. */
  channels: 1 | 2;
  /** In our own offers: static ones by RFC 3551 §6. */
  payloadType: number;
  /** Packet times that it can be sent with; the longest that is not longer than what is asked for is taken. */
  packetMs: readonly number[];
};

/** Packets ↔ PCM of its own rate, with whatever memory it has; what was lost is made up. */
export type CallCodec = {
  readonly name: CodecName;
  readonly rateHz: RateHz;
  /** Fills `into` with what `runs` cover, silence where there was silence. */
  decode(runs: readonly Run[], into: Int16Array): void;
  /** @param samples one packet time of `rateHz`. */
  encode(samples: Int16Array): Uint8Array;
  /** After another offer and answer for the same codec. */
  adapt(opus: OpusTerms | undefined): void;
  /** Of what was decoded: made up, because it was lost. */
  readonly concealedMs: number;
  close(): void;
};

const anyTenMs = [10, 20, 30, 40, 50, 60];

export const codecs: Readonly<Record<CodecName, CodecDescription>> = {
  PCMU: { clockHz: 8000, rateHz: 8000, channels: 1, payloadType: 0, packetMs: anyTenMs },
  PCMA: { clockHz: 8000, rateHz: 8000, channels: 1, payloadType: 8, packetMs: anyTenMs },
  // RFC 3551 §4.5.2: 8000 for G.722 as well, a mistake of old that must be kept.
  G722: { clockHz: 8000, rateHz: 16_000, channels: 1, payloadType: 9, packetMs: anyTenMs },
  // RFC 7587 §4.1: 48000 whatever the sound. One frame a packet (RFC 6716 §2.1.4 has none of 30 or 50 ms).
  opus: { clockHz: 48_000, rateHz: 16_000, channels: 2, payloadType: 96, packetMs: [10, 20, 40, 60] },
};

/** @param wantedMs 10…60 */
export function packetTimeOf(codec: CodecName, wantedMs: number): number {
  const { packetMs } = codecs[codec];
  return packetMs.findLast((ms) => ms <= wantedMs) ?? packetMs[0] ?? wantedMs;
}
