/** What the SDP says about Opus (RFC 7587 §6.1, §7). All of it is the receiver's word to the sender. */
import { codecs } from "./codecs.ts";
import type { OpusTerms } from "./messages.ts";

/** Of ours: one channel of sound up to 8 kHz both ways, and losses made good from what follows. */
export const ourOpusTerms = `maxplaybackrate=${codecs.opus.rateHz};sprop-maxcapturerate=${codecs.opus.rateHz};stereo=0;useinbandfec=1`;

const [lowestBitrate, highestBitrate] = [6000, 510_000];
const [lowestPlaybackHz, highestPlaybackHz] = [8000, 48_000];

/**
 * @param config of `a=fmtp`; what is absent or makes no sense has its default. `usedtx` is a wish that is not granted:
 *   sound flows in every packet time, and PBXes take its absence for a call that has died.
 */
export function readOpusTerms(config: string): OpusTerms {
  const values = new Map<string, string>();
  for (const part of config.split(";")) {
    const [name = "", value = ""] = part.split("=");
    values.set(name.trim().toLowerCase(), value.trim());
  }
  const within = (name: string, low: number, high: number): number | undefined => {
    const text = values.get(name) ?? "";
    const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : undefined;
  };
  const maxBitrate = within("maxaveragebitrate", lowestBitrate, highestBitrate);
  const maxPlaybackHz = within("maxplaybackrate", lowestPlaybackHz, highestPlaybackHz);
  return {
    inBandFec: values.get("useinbandfec") === "1",
    constantBitrate: values.get("cbr") === "1",
    ...(maxBitrate === undefined ? {} : { maxBitrate }),
    ...(maxPlaybackHz === undefined ? {} : { maxPlaybackHz }),
  };
}
