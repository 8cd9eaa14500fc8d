/** The demo model by sherpa-onnx and by us, on made clips and on recordings of people: how many texts are equal. */
import { type Clip, compareWithSherpa, madeClips, recordedClips } from "../../speech/whisper/sherpa.ts";
import { progress, type Table } from "./tables.ts";

const goal = 0.995;

/** @param count Of clips in all; at most a third of them are recordings. */
export async function parityTable(count: number, seed: number): Promise<Table> {
  const { clips, withText, differences, theirMs, ourMs } = await compareWithSherpa(both(count, seed), (done) =>
    progress(`parity: ${done} of ${count} clips`),
  );
  const share = (clips - differences.length) / clips;
  return {
    title: "The same text as sherpa-onnx of the same model (demo, fp32) and audio, token for token",
    columns: ["clips", "with text", "equal", "share", "goal ≥ 99.5 %", "sherpa-onnx ms a clip", "ours"],
    rows: [
      [
        clips,
        withText,
        clips - differences.length,
        `${(share * 100).toFixed(2)} %`,
        share >= goal ? "met" : "missed",
        (theirMs / clips).toFixed(1),
        (ourMs / clips).toFixed(1),
      ],
    ],
    notes: differences.map(({ name, ours, theirs }) => `${name}: ours "${ours}", theirs "${theirs}"`),
  };
}

async function* both(count: number, seed: number): AsyncGenerator<Clip> {
  let recorded = 0;
  for await (const clip of recordedClips(Math.floor(count / 3))) {
    recorded++;
    yield clip;
  }
  yield* madeClips(count - recorded, seed);
}
