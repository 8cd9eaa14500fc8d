/** What telling the recogniser of names gains, and whether it puts them where nobody said them. */
import { type NameScore, nameGain } from "../../speech/whisper/rare-names.ts";
import { progress, type Table } from "./tables.ts";

export async function namesTable(lines: number, seed: number): Promise<Table> {
  const { known, foreign, others } = await nameGain(lines, seed, progress);
  const row = (what: string, { lines: of, likeliest, searched, told, among }: NameScore) => [
    ...[what, of, likeliest, searched, told, `+${told - searched}`, among],
  ];
  return {
    title: "Names (demo, int8): lines that hold them letter for letter",
    columns: ["", "lines", "likeliest text", "searched", "searched, told of the names", "gain", "among the readings"],
    rows: [
      row("rare addresses", known.streets),
      row("rare people", known.people),
      row("addresses of words that training never saw", foreign.streets),
      row("people likewise", foreign.people),
    ],
    notes: [
      `Of ${others.lines} lines that name none of them ${others.same} are the same when it is told, ${others.harmed} have one put into them.`,
    ],
  };
}
