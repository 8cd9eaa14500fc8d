import type { FromMedia } from "../media/messages.ts";
import type { CallEvent } from "./machine.ts";

/**
 * The Worker's words in the machine's; undefined for what the machine has no interest in.
 *
 * @param recordingFromMs When the recording began, on the call's sample clock: places are given in the recording.
 */
export function fromMedia(event: FromMedia, recordingFromMs: number | undefined): CallEvent | undefined {
  const inRecording = (ms: number) => (recordingFromMs === undefined ? null : Math.max(0, ms - recordingFromMs));
  switch (event.kind) {
    case "rtp-arrived":
      return { kind: "rtp-arrived" };
    case "speech-started":
      return { kind: "speech-started", utteranceId: event.utteranceId };
    case "paused":
      return {
        kind: "paused",
        utteranceId: event.utteranceId,
        pause: event.pause,
        samples: event.samples,
        voice: event.voice,
      };
    case "resumed":
      return { kind: "resumed", utteranceId: event.utteranceId };
    case "utterance":
      return {
        kind: "utterance",
        utteranceId: event.utteranceId,
        pause: event.pause,
        samples: event.samples,
        voice: event.voice,
        fromMs: inRecording(event.startedAtMs),
        toMs: inRecording(event.speechEndedAtMs),
      };
    case "digit":
      return { kind: "digit", digit: event.digit };
    default:
      return undefined;
  }
}
