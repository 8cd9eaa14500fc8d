/** Callers' mouths: espeak-ng, whose voices are the ones that the demo model hears. */
import { calibrationClauses, gainOfVoice } from "../../speech/voice/calibration.ts";
import { loadEspeak } from "../../speech/voice/espeak.ts";
import { telephoneAudio } from "../../speech/voice/telephone-audio.ts";

/** One line at 8 kHz. */
export type Mouth = (line: string, voice: string) => Int16Array;

/** Men and women; each scenario's caller keeps his. */
export const callerVoices = ["gmw/en", "gmw/en+f2", "gmw/en+m3", "en-gb-x-rp", "gmw/en+f3"] as const;

export async function openMouth(): Promise<Mouth> {
  const espeak = await loadEspeak();
  const gains = new Map<string, number>();
  return (line, voice) => {
    const name = { name: voice };
    const gain =
      gains.get(voice) ??
      gainOfVoice(
        calibrationClauses.map((clause) => espeak.speak(clause, name)),
        espeak.rateHz,
      );
    gains.set(voice, gain);
    return telephoneAudio(espeak.speak(line, name), espeak.rateHz, { pauseMs: 0, rateHz: 8000, gain });
  };
}
