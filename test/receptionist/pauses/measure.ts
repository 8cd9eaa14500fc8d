/** Cut-offs and waits of `patience` over utterances with pauses marked "|". */
import type { Asks } from "../../../src/receptionist/contract.ts";
import { patience } from "../../../src/receptionist/patience.ts";
import { birthDate, date, time } from "./dates.ts";
import { beds, email, money, phone } from "./numbers.ts";
import { address, confirm, name, postcode, property } from "./words.ts";

type Asked = NonNullable<Asks>;
export const corpora: readonly (readonly [Asked, readonly string[]])[] = [
  ["phone", phone],
  ["email", email],
  ["money", money],
  ["beds", beds],
  ["date", date],
  ["time", time],
  ["birth-date", birthDate],
  ["name", name],
  ["postcode", postcode],
  ["address", address],
  ["property", property],
  ["confirm", confirm],
];

export type Said = { text: string; waitMs: number };
export type Measured = { asks: Asked; partial: Said[]; whole: Said[] };

const waitOf = (asks: Asked, text: string): Said => ({
  text,
  waitMs: patience({ asks, slots: {}, disclosed: true, ended: false }, text),
});

export function measure([asks, lines]: (typeof corpora)[number]): Measured {
  const partial: Said[] = [];
  const whole: Said[] = [];
  for (const line of lines) {
    const parts = line.split("|").map((part) => part.trim());
    parts.forEach((_, at) => {
      const said = waitOf(asks, parts.slice(0, at + 1).join(" "));
      (at === parts.length - 1 ? whole : partial).push(said);
    });
  }
  return { asks, partial, whole };
}

/** The share of pauses of `ms` in mid-turn that are taken for the end. */
export const cutOff = ({ partial }: Pick<Measured, "partial">, ms: number): number =>
  partial.filter(({ waitMs }) => waitMs <= ms).length / Math.max(1, partial.length);

export const meanWait = ({ whole }: Pick<Measured, "whole">): number =>
  whole.reduce((sum, { waitMs }) => sum + waitMs, 0) / Math.max(1, whole.length);
