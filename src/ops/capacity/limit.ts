/** How many calls are taken at once, and why so many. */
import type { Config } from "../../config/schema.ts";
import type { Log } from "../../log.ts";
import type { Speech } from "../../speech/ports.ts";
import { measurePace } from "./measure.ts";
import { callsCarried, type Load } from "./model.ts";

export type CallLimit = { atMost: number; by: "configured" | "measured"; measured?: Load };

/** At start there is time for so many; the command takes more. */
const rounds = 3;

/**
 * `sip.maxCalls`, or what the machine is measured to carry where that is less and `sip.callLimit` says so. A measurement
 * that fails leaves the configured limit: speech that does not work shows itself elsewhere.
 */
export async function decideLimit(
  config: Config,
  speech: Pick<Speech, "status" | "transcribe" | "synthesise">,
  log: Log,
): Promise<CallLimit> {
  const configured: CallLimit = { atMost: config.sip.maxCalls, by: "configured" };
  if (config.sip.callLimit === "configured") return configured;
  if (!speech.status().some(({ kind, ready }) => kind === "whisper" && ready)) return configured; // keys cost nothing
  try {
    const pace = await measurePace(speech, config.media.codecs, rounds, AbortSignal.timeout(10_000));
    const measured = callsCarried(pace);
    log.info("capacity measured", {
      calls: measured.calls,
      hearMs: Math.round(pace.hearMs),
      speakMs: Math.round(pace.speakMs),
    });
    if (measured.calls >= configured.atMost) return { ...configured, measured };
    return { atMost: measured.calls, by: "measured", measured };
  } catch (error) {
    log.error("capacity could not be measured: sip.maxCalls holds", error);
    return configured;
  }
}
