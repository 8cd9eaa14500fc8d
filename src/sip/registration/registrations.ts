/** All registered extensions: drives the machine of each, opens its ways and sends its requests. */
import { defaultPortOf, type Endpoint, hostPort } from "../endpoint.ts";
import { byteString, textOf } from "../message/grammar.ts";
import type { SipResponse } from "../message/message.ts";
import type { Registrar, RegistrationSettings, RegistrationStatus, TrunkSettings } from "../ports.ts";
import type { TimerSet, Timers } from "../timers.ts";
import type { ClientRequest } from "../transaction/client-transactions.ts";
import {
  openRegistration,
  type RegistrationEffect,
  type RegistrationInput,
  type RegistrationProblem,
  type RegistrationState,
  stepRegistration,
} from "./machine.ts";
import { buildRegister, readAnswer } from "./register.ts";

export type RegistrationPorts = {
  /** The way to a registrar. Rejects where there is none. */
  openFlow(registrar: Registrar): Promise<Endpoint>;
  /** That way does not serve: the next one to the same registrar is another, where its name leads to several. */
  avoid(flow: Endpoint): void;
  hangUp(connection: number): void;
  localEndpoint(remote: Endpoint): Endpoint;
  register(request: Omit<ClientRequest, "method">): void;
  /** What comes from there belongs to the trunk from now on. */
  trust(flow: Endpoint, trunk: TrunkSettings): void;
  distrust(flow: Endpoint): void;
  timers: Timers;
  nowMs(): number;
  /** From 0 to 1. */
  random(): number;
  /** A UUID v4. */
  randomId(): string;
  userAgent: string | undefined;
  /** Something changed for people: registered, or a problem that was not there before. */
  changed(status: RegistrationStatus): void;
};

export interface Registrations {
  start(): void;
  /** A connection broke. */
  lost(connection: number): void;
  /** Withdraws them all; resolves when each was answered, or has waited for long enough. */
  leave(): Promise<void>;
  status(): RegistrationStatus[];
  /** The flow that an extension of that trunk is registered by; undefined while none is. */
  registered(trunk: string): { flow: Endpoint; settings: RegistrationSettings } | undefined;
  stop(): void;
}

type Entry = {
  readonly settings: RegistrationSettings;
  readonly timers: TimerSet;
  readonly callId: string;
  readonly fromTag: string;
  readonly left: PromiseWithResolvers<void>;
  state: RegistrationState;
  cseq: number;
  /** Of the latest way asked for, and of the latest request: what older ones bring is no news. */
  serial: number;
  flow: Endpoint | undefined;
  /** Connections that had a binding, oldest first: calls may still run by them. */
  connections: number[];
  registeredAtMs: number;
  /** As the registrar calls its own; for telling people. */
  offeredRealm: string;
};

/** Connections kept for the calls that they carry when a registration moves on. */
const maxConnections = 4;

export function createRegistrations(
  settings: readonly RegistrationSettings[],
  ports: RegistrationPorts,
): Registrations {
  const entries = settings.map(
    (one): Entry => ({
      settings: one,
      timers: ports.timers.set(),
      callId: ports.randomId(),
      fromTag: ports.randomId().replaceAll("-", "").slice(0, 16),
      left: Promise.withResolvers(),
      state: openRegistration({
        registrars: one.registrars.length,
        expiresSeconds: one.expiresSeconds,
        realm: byteString(one.realm),
      }),
      cseq: 0,
      serial: 0,
      flow: undefined,
      connections: [],
      registeredAtMs: 0,
      offeredRealm: "",
    }),
  );

  function step(entry: Entry, input: RegistrationInput): void {
    const { state, effects } = stepRegistration(entry.state, input, ports.random);
    const before = entry.state;
    entry.state = state;
    for (const effect of effects) carryOut(entry, effect, before);
  }

  function carryOut(entry: Entry, effect: RegistrationEffect, before: RegistrationState): void {
    switch (effect.kind) {
      case "open":
        return openFlow(entry, effect.at);
      case "register":
        return sendRegister(entry, effect);
      case "timer": {
        const { name } = effect;
        return entry.timers.start(name, effect.afterMs, () => step(entry, { kind: "timer", name }));
      }
      case "cancel-timer":
        return entry.timers.stop(effect.name);
      case "registered":
        entry.registeredAtMs = ports.nowMs();
        if (before.grantedSeconds === undefined || before.problem !== undefined) ports.changed(statusOf(entry));
        return;
      case "failed":
        // RFC 3263 §4.3: no answer, a broken way and 503 say that this one of its servers is down.
        if (entry.flow !== undefined && (effect.status === undefined || effect.status === 503)) ports.avoid(entry.flow);
        if (entry.flow?.connection !== undefined) giveUp(entry, entry.flow.connection);
        if (before.problem !== effect.problem) ports.changed(statusOf(entry, before.at));
        return;
      case "left":
        return entry.left.resolve();
    }
  }

  function openFlow(entry: Entry, at: number): void {
    entry.serial += 1;
    const { serial, settings: one } = entry;
    entry.flow = undefined;
    ports.openFlow(one.registrars[at] ?? one.registrars[0]).then(
      (flow) => {
        if (serial !== entry.serial || entry.state.phase === "left") {
          if (flow.connection !== undefined) ports.hangUp(flow.connection);
          return;
        }
        use(entry, flow);
        step(entry, { kind: "opened", ok: true });
      },
      () => {
        if (serial === entry.serial) step(entry, { kind: "opened", ok: false });
      },
    );
  }

  function use(entry: Entry, flow: Endpoint): void {
    entry.flow = flow;
    ports.trust(flow, entry.settings.trunk);
    if (flow.connection === undefined) return;
    entry.connections.push(flow.connection);
    const [oldest] = entry.connections;
    if (entry.connections.length > maxConnections && oldest !== undefined) giveUp(entry, oldest);
  }

  function distrust(connection: number): void {
    ports.distrust({ address: "", port: 0, connection });
  }

  function giveUp(entry: Entry, connection: number): void {
    if (entry.flow?.connection === connection) entry.flow = undefined;
    entry.connections = entry.connections.filter((one) => one !== connection);
    distrust(connection);
    ports.hangUp(connection);
  }

  function sendRegister(entry: Entry, { expiresSeconds, auth }: RegistrationEffect & { kind: "register" }): void {
    const { flow, settings: one } = entry;
    if (flow === undefined) return; // it was lost just now: the attempt's time runs
    entry.cseq += 1;
    entry.serial += 1;
    const { serial, callId, fromTag, cseq } = entry;
    const branch = `z9hG4bK${ports.randomId().replaceAll("-", "")}`;
    const local = ports.localEndpoint(flow);
    const cnonce = ports.randomId().replaceAll("-", "");
    const bytes = buildRegister(one, {
      local,
      branch,
      callId,
      fromTag,
      cseq,
      expiresSeconds,
      auth: auth && { ...auth, cnonce },
      userAgent: ports.userAgent,
    });
    const finished = (response: SipResponse | undefined) => {
      if (serial !== entry.serial) return;
      const answer = response && readAnswer(response, local);
      entry.offeredRealm = answer?.challenge?.realm ?? entry.offeredRealm;
      step(entry, { kind: "answer", answer });
    };
    ports.register({ branch, bytes, to: flow, finished });
  }

  function statusOf(entry: Entry, at = entry.state.at): RegistrationStatus {
    const { settings: one, state, registeredAtMs, offeredRealm } = entry;
    const registrar = one.registrars[at] ?? one.registrars[0];
    const { grantedSeconds, problem } = state;
    const untilMs = registeredAtMs + (grantedSeconds ?? 0) * 1_000;
    return {
      trunk: one.trunk.name,
      state: stateOf(state),
      registrar: labelOf(registrar),
      expiresInSeconds:
        grantedSeconds === undefined ? undefined : Math.max(0, Math.round((untilMs - ports.nowMs()) / 1_000)),
      problem: problem && words(problem, offeredRealm),
    };
  }

  return {
    start() {
      for (const entry of entries) step(entry, { kind: "start" });
    },
    lost(connection) {
      for (const entry of entries) {
        if (!entry.connections.includes(connection)) continue;
        entry.connections = entry.connections.filter((one) => one !== connection);
        distrust(connection);
        if (entry.flow?.connection !== connection) continue;
        // One that had us was restarted, most of the time, and is back at the same place soon.
        if (entry.state.phase === "asking") ports.avoid(entry.flow);
        entry.flow = undefined;
        entry.serial += 1;
        step(entry, { kind: "lost" });
      }
    },
    async leave() {
      for (const entry of entries) step(entry, { kind: "leave" });
      await Promise.all(entries.map(({ left }) => left.promise));
    },
    status: () => entries.map((entry) => statusOf(entry)),
    registered(trunk) {
      for (const { settings: one, flow, state } of entries) {
        if (one.trunk.name === trunk && flow !== undefined && stateOf(state) === "registered") {
          return { flow, settings: one };
        }
      }
      return undefined;
    },
    stop() {
      for (const entry of entries) entry.timers.stopAll();
    },
  };
}

/** A refresh under way is no reason to call it anything but registered. */
function stateOf({ phase, grantedSeconds }: RegistrationState): RegistrationStatus["state"] {
  if (phase === "leaving" || phase === "left") return "off";
  if (grantedSeconds !== undefined) return "registered";
  return phase === "waiting" ? "waiting" : "trying";
}

function labelOf({ transport, host, port }: Registrar): string {
  const named = hostPort({ address: host, port: port || defaultPortOf(transport) });
  return `${transport} ${named}`;
}

function words(problem: RegistrationProblem, offeredRealm: string): string {
  switch (problem) {
    case "unreachable":
      return "it cannot be reached: is the address right, and does it listen there?";
    case "no-answer":
      return "it does not answer";
    case "wrong-credentials":
      return "it refuses the password or the authentication id";
    case "other-realm": {
      const realm = textOf(offeredRealm)
        .replace(/\p{Cc}/gu, "")
        .slice(0, 64);
      return `it asks for the password of realm "${realm}": if that is your PBX, set realm to it`;
    }
    case "unsupported-challenge":
      return "it asks for credentials in a way that is neither MD5 nor SHA-256 digest";
    case "refused":
      return "it refuses the extension: does it know it, and may it register from here?";
    case "busy":
      return "it cannot take registrations at the moment";
  }
}
