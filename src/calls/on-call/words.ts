/** What somebody on call is told: which emergency, and where. Nothing of the caller. */
import type { OnCallAlert } from "./ports.ts";

const named: Record<OnCallAlert["emergency"], string> = {
  gas: "gas or carbon monoxide",
  fire: "a fire",
  life: "somebody in danger",
  power: "no power in a home",
  flood: "a flood or a leak",
  heating: "no heating, with somebody vulnerable",
  "break-in": "a break-in",
  lift: "somebody stuck in a lift",
};

/** @param property Its address; undefined: the caller had not said where. */
export function onCallQuestion(
  agency: string,
  emergency: OnCallAlert["emergency"] | undefined,
  property: string | undefined,
): string {
  const what = emergency === undefined ? "an emergency" : named[emergency];
  const where = property === undefined ? "The caller did not say where." : `At ${property}.`;
  return `Emergency call for ${agency}: ${what}. ${where} To take it, press 1.`;
}

export const onCallThanks = (): string => "Thank you. It is yours now.";
