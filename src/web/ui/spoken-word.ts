/** Plays a word as the appliance's own voice says it. Nothing is kept: the sound comes with the answer. */
import type { Pronunciation } from "../api/shapes.ts";
import { postForSound } from "./api.ts";

let context: AudioContext | undefined;
let playing: AudioBufferSourceNode | undefined;

/** Resolves when it has been heard to its end, or another took its place. @throws Refused in words that can be shown. */
export async function playWord({ written, kind, said }: Pronunciation): Promise<void> {
  const bytes = await postForSound("/pronunciations/say", { written, kind, said });
  context ??= new AudioContext();
  await context.resume();
  const source = context.createBufferSource();
  source.buffer = await context.decodeAudioData(bytes);
  source.connect(context.destination);
  playing?.stop();
  playing = source;
  await new Promise<void>((resolve) => {
    source.onended = () => resolve();
    source.start();
  });
}
