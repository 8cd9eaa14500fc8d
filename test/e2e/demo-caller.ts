/** The demo's caller, who can be watched and interrupted at any line: what a failure in mid-call is tried with. */
import { type Conversation, converse } from "../caller/conversation.ts";
import { demoWish } from "../caller/demo-agency.ts";
import type { Wish } from "../caller/persona.ts";
import { createMouth, createUnderstanding, to16k } from "../caller/voice.ts";
import type { Appliance } from "./appliance.ts";

export type Watching = {
  /** Before the caller says its `n`th line (1 is the opening). The line is said when this returns. */
  beforeLine?(n: number, line: string): void;
  /** Each turn of the agent, as the caller understood it. */
  heard?(text: string): void;
  answered?(): void;
  sent?(frame: Int16Array, atMs: number): void;
  received?(frame: Int16Array, atMs: number): void;
  /** A-law otherwise. */
  codec?: "G722" | "opus";
  signal?: AbortSignal;
};

export type DemoCaller = { call(appliance: Appliance, wish: Wish, watching?: Watching): Promise<Conversation> };

export async function createDemoCaller(doubled = to16k): Promise<DemoCaller> {
  const [say, understand] = await Promise.all([createMouth("gmw/en"), createUnderstanding(doubled)]);
  return {
    call(appliance, wish, { beforeLine, heard, answered, codec, ...watching } = {}) {
      let lines = 0;
      return converse({ ...appliance.sip, number: "200", from: "07700900123", ...(codec && { codec }) }, wish, {
        say,
        understand,
        ...watching,
        narrate(what, text) {
          if (what === "says") beforeLine?.(++lines, text);
          else if (what === "heard") heard?.(text);
          else answered?.();
        },
      });
    },
  };
}

export type BookedViewing = { id: string; property: string; start: string; name: string; phone: string };
export type CallRow = { id: string; outcome: string | null; endedAt: string | null; recording: string };

/** Different hours of the same day, so that each call can have its booking. */
export function wishes(): [Wish, Wish, Wish] {
  const wish = demoWish();
  return [
    wish,
    { ...wish, time: "10:30", timeSpoken: "half past ten" },
    { ...wish, time: "16:00", timeSpoken: "four o'clock" },
  ];
}

/** What of a viewing a wish names. */
export const wished = ({ property, day, time, name, phone }: Wish) => ({
  property,
  start: `${day}T${time}`,
  name,
  phone,
});

export const shownOf = ({ property, start, name, phone }: BookedViewing) => ({ property, start, name, phone });
