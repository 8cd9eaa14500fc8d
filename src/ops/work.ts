/** How far the appliance is: people are let in before anybody can call, and are shown what it is doing. */
import type { Switchboard } from "../calls/switchboard.ts";
import type { MediaStatus } from "../media/messages.ts";
import type { UserAgent } from "../sip/ports.ts";
import type { Speech } from "../speech/ports.ts";
import type { PromptStatus } from "../speech/voice/prompt-cache.ts";
import type { ApplianceState } from "../web/api/shapes.ts";
import type { CallLimit } from "./capacity/limit.ts";

/** All that answers calls. */
export type Answering = {
  userAgent: Pick<
    UserAgent,
    "address" | "tlsPort" | "drain" | "resume" | "draining" | "registrations" | "trace" | "status"
  >;
  media: { status(): Promise<MediaStatus> };
  speech: Pick<Speech, "status" | "health" | "tryOut">;
  prompts: { status(): PromptStatus };
  pronunciationsChanged(): void;
  /** Other homes and streets may be spoken of from now on. */
  listingsChanged(): void;
  switchboard: Pick<Switchboard, "calls" | "refusedFull"> & { atMost(): number };
  limit: CallLimit;
};

export type Work = {
  phase: "starting" | "answering" | "stopping";
  /** Undefined before it is ready, and again once it is being closed. */
  answering: Answering | undefined;
};

export function stateOf({ phase, answering }: Work): ApplianceState {
  return phase === "answering" && answering?.userAgent.draining() ? "draining" : phase;
}
