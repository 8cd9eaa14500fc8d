/** Two ends of a handshake, whoever stands between them, and a clock that the test turns. */
import { type Association, createAssociation, type DtlsEffects } from "../../../src/media/dtls/association.ts";
import { type DtlsIdentity, dtlsIdentity, fingerprintOf } from "../../../src/media/dtls/certificates.ts";
import { makeDtlsCredentials } from "../../../src/media/dtls/identity.ts";
import type { Source } from "../../../src/media/source-latch.ts";

export const callerAt: Source = { address: "192.0.2.1", port: 40_000 };
export const weAt: Source = { address: "192.0.2.2", port: 50_000 };

const made = await Promise.all([1, 2, 3].map(() => makeDtlsCredentials(new Date())));
/** The caller's, ours, and somebody else's. */
export const [callers, ours, strangers] = made.map((credentials) => ({
  identity: dtlsIdentity(credentials),
  fingerprint: fingerprintOf(credentials),
})) as [End, End, End];

export type End = { identity: DtlsIdentity; fingerprint: ReturnType<typeof fingerprintOf> };

export const client = (own = callers, peer = ours): Association =>
  createAssociation("client", { identity: own.identity, fingerprints: [peer.fingerprint] }, weAt);
export const server = (own = ours, peer = callers): Association =>
  createAssociation("server", { identity: own.identity, fingerprints: [peer.fingerprint] }, callerAt);

/** What the network does with a datagram: how often it arrives, in what form. */
export type Network = (bytes: Uint8Array, towards: "client" | "server", atMs: number) => Uint8Array[];
const faithful: Network = (bytes) => [bytes];

export type Ended = { keys?: DtlsEffects["keys"]; failed?: DtlsEffects["dropped"]; atMs?: number };

/** Runs both until each has keys or has failed, or the time is up. 10 ms there, 10 ms back. */
export function shakeHands(
  { caller = client(), us = server() }: { caller?: Association; us?: Association } = {},
  network: Network = faithful,
  forMs = 30_000,
) {
  const ended: Record<"client" | "server", Ended> = { client: {}, server: {} };
  const dropped: Record<string, number> = {};
  let sent = 0;
  let underway: { bytes: Uint8Array; towards: "client" | "server"; atMs: number }[] = [];

  function carryOut(of: "client" | "server", effects: DtlsEffects, nowMs: number): void {
    if (effects.dropped !== undefined) dropped[effects.dropped] = (dropped[effects.dropped] ?? 0) + 1;
    if (effects.keys !== undefined) ended[of] = { keys: effects.keys, atMs: nowMs };
    if (effects.failed === true) ended[of] = { failed: effects.dropped, atMs: nowMs };
    const towards = of === "client" ? "server" : "client";
    for (const { bytes } of effects.send) {
      sent++;
      for (const arriving of network(bytes, towards, nowMs))
        underway.push({ bytes: arriving, towards, atMs: nowMs + 10 });
    }
  }

  carryOut("client", caller.start(0), 0);
  for (let nowMs = 0; nowMs <= forMs; nowMs += 10) {
    const arrived = underway.filter(({ atMs }) => atMs <= nowMs);
    underway = underway.filter(({ atMs }) => atMs > nowMs);
    for (const { bytes, towards } of arrived) {
      if (towards === "server") carryOut("server", us.receive(bytes, callerAt, nowMs), nowMs);
      else carryOut("client", caller.receive(bytes, weAt, nowMs), nowMs);
    }
    carryOut("client", caller.tick(nowMs), nowMs);
    carryOut("server", us.tick(nowMs), nowMs);
    if (isOver(ended.client) && isOver(ended.server)) break;
  }
  return { ...ended, dropped, sent };
}

const isOver = ({ keys, failed }: Ended) => keys !== undefined || failed !== undefined;
