/**
 * DTLS-SRTP at a call's port: a caller who shakes hands honestly, and between his datagrams others that are mutated from
 * them, from his address and from elsewhere. Whatever comes, only he may come to keys with us.
 */
import { createCallProtection } from "../../../src/media/call-protection.ts";
import { demultiplex } from "../../../src/media/demultiplex.ts";
import { createAssociation, type DtlsEffects } from "../../../src/media/dtls/association.ts";
import type { SrtpKeys } from "../../../src/media/messages.ts";
import type { Source } from "../../../src/media/source-latch.ts";
import { createSrtpSender } from "../../../src/media/srtp.ts";
import { callers, ours, shakeHands } from "../../media/dtls/parties.ts";
import { caller, negotiated } from "../../media/one-call.ts";
import { mutatePacket } from "../mutate.ts";
import { rtpSeeds, straySeeds } from "../seeds.ts";
import { BrokenRule, rule, type Target } from "../target.ts";

const weAt: Source = { address: "192.0.2.1", port: 40_000 };
const stranger: Source = { address: "198.51.100.7", port: 4000 };
/** How an input comes, in `from`; `honest` lets the caller's own next datagram through before it. */
const flags = { honest: 1, stranger: 2 };
const longest = 1200;

/** Every kind of datagram that a handshake has. */
const handshake: Uint8Array[] = [...straySeeds];
shakeHands({}, (bytes) => {
  handshake.push(bytes);
  return [bytes];
});

export const keyExchange: Target = {
  name: "dtls",
  inputs: 60,
  open(seed) {
    let nowMs = 1000;
    const role = seed % 2 === 0 ? "client" : "server";
    let toCaller: Uint8Array[] = [];
    const toUs: Uint8Array[] = [];
    let seen = handshake;
    let answered = 0;
    let theirs: SrtpKeys | undefined;
    let isChecked = false;
    const protection = createCallProtection({
      identity: ours.identity,
      send(_channel, bytes, to) {
        rule(demultiplex(bytes) === "dtls", "something else than DTLS leaves before there are keys");
        rule(bytes.length <= longest, "a datagram that some path does not carry");
        answered += bytes.length;
        if (to.address === caller.address) toCaller = [...toCaller, bytes.slice()].slice(-20);
      },
      drop: () => undefined,
      failed: () => undefined,
    });
    const peer = createAssociation(
      role === "client" ? "server" : "client",
      { identity: callers.identity, fingerprints: [ours.fingerprint] },
      weAt,
    );
    const carryOut = (effects: DtlsEffects) => {
      theirs = effects.keys ?? theirs;
      toUs.push(...effects.send.map(({ bytes }) => bytes));
    };
    const dtls = { role, fingerprints: [callers.fingerprint] } as const;
    protection.start({ ...negotiated, rtcpMux: true, dtls: { ...dtls, fingerprints: [...dtls.fingerprints] } }, nowMs);
    carryOut(peer.start(nowMs));

    /** One datagram each way. */
    function converse(): void {
      const [forUs, forHim] = [toUs.shift(), toCaller.shift()];
      for (const bytes of [forUs, forHim]) if (bytes !== undefined) seen = [...seen.slice(-60), bytes];
      if (forUs !== undefined) protection.dtls("rtp", forUs, caller, nowMs);
      if (forHim !== undefined) carryOut(peer.receive(forHim, weAt, nowMs));
    }

    function check(): void {
      if (protection.kind !== "dtls") return;
      // The last word of a handshake may still be under way to him who does not speak it.
      for (let i = 0; i < 40 && theirs === undefined; i++) converse();
      if (theirs === undefined) throw new BrokenRule("we have keys that the caller has not");
      const sealed = createSrtpSender(theirs.suite, theirs.sendKey).rtp(rtpSeeds[0] ?? new Uint8Array(12));
      rule("clear" in protection.openRtp(sealed) || isChecked, "our keys are not the caller's");
      isChecked = true;
    }

    return {
      next(random) {
        if (random.below(10) === 0) return { kind: "time", ms: random.pick([20, 100, 1000]) };
        const from = random.pick([flags.honest, 0, 0]) + (random.below(3) === 0 ? flags.stranger : 0);
        return { kind: "input", bytes: mutatePacket(seen, random), from };
      },
      feed(step) {
        if (step.kind === "time") {
          nowMs += step.ms;
          protection.tick(nowMs);
          return carryOut(peer.tick(nowMs));
        }
        if (step.from & flags.honest) converse();
        const before = answered;
        protection.dtls("rtp", step.bytes, step.from & flags.stranger ? stranger : caller, nowMs);
        rule(answered - before <= 2 * longest, "one datagram is answered by a flood");
        check();
      },
      settle() {
        nowMs += 60_000;
        protection.tick(nowMs);
        const before = answered;
        protection.tick(nowMs + 60_000);
        rule(answered === before, "a handshake that is over is still spoken of");
      },
    };
  },
};
