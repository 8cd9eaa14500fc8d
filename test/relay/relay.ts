/**
 * Stands between telephones and the appliance and treats what passes as a bad network would: SIP over UDP, and the sound
 * of each call, both ways. Addresses in messages and descriptions are rewritten so that everything passes through it.
 */
import type { udp } from "bun";
import { createImpairment, type Impairment } from "./impairment.ts";
import { type Place, rewriteMessage } from "./rewrite.ts";

export type RelayOptions = {
  /** Where SIP goes. */
  target: { host: string; port: number };
  seed: number;
  sip?: Impairment;
  /** Towards the appliance, and back from it. */
  rtp?: { in?: Impairment; out?: Impairment };
};

export type Passed = { passed: number; lost: number };

export type Relay = {
  /** Where the telephones send. */
  readonly sip: { host: string; port: number };
  readonly counts: { sip: Passed; rtp: Passed };
  close(): void;
};

const host = "127.0.0.1";

type Socket = udp.Socket<"buffer">;
type From = (bytes: Buffer, from: Place) => void;

export async function openRelay({ target, seed, sip = {}, rtp = {} }: RelayOptions): Promise<Relay> {
  const counts = { sip: { passed: 0, lost: 0 }, rtp: { passed: 0, lost: 0 } };
  const sockets = new Set<Socket>();
  const waiting = new Set<ReturnType<typeof setTimeout>>();
  /** Of each telephone, the socket by which the appliance knows it. */
  const upstream = new Map<string, Promise<Socket>>();
  /** Of each end of a call's sound, the port that stands for it. */
  const mediaPorts = new Map<string, Promise<number>>();
  let streams = 0;
  let closed = false;

  async function open(from: From): Promise<Socket> {
    const socket = await Bun.udpSocket({
      hostname: host,
      socket: {
        data: (_socket, bytes, port, address) => from(bytes, { address, port }),
        error: () => undefined,
      },
    });
    sockets.add(socket);
    return socket;
  }

  /** Sends as the network would. */
  function line(what: Impairment, counted: Passed) {
    streams += 1;
    const impairment = createImpairment(what, seed * 1_000 + streams);
    return (socket: Socket, bytes: Uint8Array, to: Place): void => {
      const { delaysMs } = impairment.next();
      if (delaysMs.length === 0) counted.lost += 1;
      else counted.passed += 1;
      const copy = Buffer.from(bytes);
      for (const delayMs of delaysMs) later(delayMs, () => socket.send(copy, to.port, to.address));
    };
  }

  function later(delayMs: number, send: () => void): void {
    if (delayMs === 0) return send();
    const timer = setTimeout(() => {
      waiting.delete(timer);
      if (!closed) send();
    }, delayMs);
    waiting.add(timer);
  }

  /**
   * Two sockets for the sound of a call: one is the telephone for the appliance, the other the appliance for the telephone.
   * @returns the port that stands for `end`.
   */
  function mediaPort(call: string, end: Place, isTelephone: boolean): Promise<number> {
    const key = `${call} ${isTelephone}`;
    const known = mediaPorts.get(key);
    if (known !== undefined) return known;
    const ends: { telephone?: Place; appliance?: Place } = {};
    const towards = line(rtp.in ?? {}, counts.rtp);
    const back = line(rtp.out ?? {}, counts.rtp);
    const pair = (async () => {
      const forTelephone = await open((bytes, from) => {
        ends.telephone = from;
        if (ends.appliance !== undefined) towards(forAppliance, bytes, ends.appliance);
      });
      const forAppliance: Socket = await open((bytes, from) => {
        ends.appliance = from;
        if (ends.telephone !== undefined) back(forTelephone, bytes, ends.telephone);
      });
      return { forTelephone, forAppliance };
    })();
    // What the descriptions say holds until sound comes from elsewhere.
    described.set(call, (place, telephone) => {
      if (telephone) ends.telephone = place;
      else ends.appliance = place;
    });
    mediaPorts.set(
      `${call} true`,
      pair.then(({ forAppliance }) => forAppliance.port),
    );
    mediaPorts.set(
      `${call} false`,
      pair.then(({ forTelephone }) => forTelephone.port),
    );
    described.get(call)?.(end, isTelephone);
    return mediaPorts.get(key) ?? Promise.resolve(end.port);
  }
  const described = new Map<string, (place: Place, isTelephone: boolean) => void>();

  const inwards = line(sip, counts.sip);
  const outwards = line(sip, counts.sip);
  const front = await open(async (bytes, from) => {
    const key = `${from.address}:${from.port}`;
    const opened = upstream.get(key) ?? open((answer, server) => void passBack(answer, server, from));
    upstream.set(key, opened);
    const socket = await opened;
    const message = await rewriteMessage(bytes, from, { address: host, port: socket.port }, (call, place) =>
      mediaPort(call, place, true),
    );
    inwards(socket, message, { address: target.host, port: target.port });
  });

  async function passBack(bytes: Buffer, server: Place, telephone: Place): Promise<void> {
    const message = await rewriteMessage(bytes, server, { address: host, port: front.port }, (call, place) => {
      described.get(call)?.(place, false);
      return mediaPort(call, place, false);
    });
    outwards(front, message, telephone);
  }

  return {
    sip: { host, port: front.port },
    counts,
    close() {
      closed = true;
      for (const timer of waiting) clearTimeout(timer);
      for (const socket of sockets) socket.close();
    },
  };
}
