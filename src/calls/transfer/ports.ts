/** What a transfer needs of the rest of the appliance. */
import type { FromMedia, NegotiatedMedia, ToMedia } from "../../media/messages.ts";
import type { OurSide } from "../../media/sdp.ts";
import type { Person } from "../../receptionist/contract.ts";
import type { Legs } from "../../sip/leg-ports.ts";
import type { LiveVoice, Transcriber } from "../../speech/ports.ts";
import type { LiveEvent } from "../ports.ts";
import type { PreparedPrompts } from "../speaker.ts";
import type { ReturnReason, TransferMode } from "./machine.ts";

/** Where a leg's media is opened, and what is offered there. One for each leg: its keys are its own. */
export type LegSide = {
  address: string;
  /** @param current what the leg's sound runs on by now. */
  ours(port: number, version: number, current: NegotiatedMedia | undefined): OurSide;
};

export type LegMedia = {
  open(callId: string, address: string): Promise<{ port: number }>;
  send(message: ToMedia): void;
  onEvent(callId: string, handler: (event: FromMedia) => void): () => void;
};

export type LegPorts = {
  legs: Legs;
  media: LegMedia;
  speech: Transcriber & LiveVoice;
  prompts: PreparedPrompts;
  newLegSide(): LegSide;
  newId(): string;
  schedule(afterMs: number, fire: () => void): () => void;
  failed(error: unknown): void;
};

export type TransferPorts = LegPorts & {
  mode: TransferMode;
  publish(event: LiveEvent): void;
  nowMs(): number;
  hangUpCaller(): void;
  /** The caller is somebody else's from here on. */
  handedOver(): void;
  /** He is the receptionist's again. */
  returned(reason: ReturnReason): void;
};

export type TransferRequest = { to: Person; about: string };
