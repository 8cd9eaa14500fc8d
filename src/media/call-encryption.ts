/** What a call does to its packets: SRTP both ways, or nothing. */
import type { SrtpKeys } from "./messages.ts";
import { createSrtpReceiver, createSrtpSender, type Opened, type SrtpReceiver, type SrtpSender } from "./srtp.ts";

export type CallEncryption = {
  sealRtp(packet: Uint8Array): Uint8Array;
  sealRtcp(packet: Uint8Array): Uint8Array;
  openRtp(datagram: Uint8Array): Opened;
  openRtcp(datagram: Uint8Array): Opened;
  /**
   * After another offer and answer. A direction whose key is the same goes on with its counters (RFC 4568 §7.1.4): to
   * count from zero again under one key would use its keystream twice.
   */
  goOn(keys: SrtpKeys | undefined): CallEncryption;
};

type Direction<T> = { suite: SrtpKeys["suite"]; key: Uint8Array; context: T };

export function createCallEncryption(keys: SrtpKeys | undefined): CallEncryption {
  if (keys === undefined) return plain;
  const { suite, sendKey, receiveKey } = keys;
  return encrypted(
    { suite, key: sendKey, context: createSrtpSender(suite, sendKey) },
    { suite, key: receiveKey, context: createSrtpReceiver(suite, receiveKey) },
  );
}

function encrypted(sending: Direction<SrtpSender>, receiving: Direction<SrtpReceiver>): CallEncryption {
  return {
    sealRtp: sending.context.rtp,
    sealRtcp: sending.context.rtcp,
    openRtp: receiving.context.rtp,
    openRtcp: receiving.context.rtcp,
    goOn(keys) {
      if (keys === undefined) return plain;
      const { suite, sendKey, receiveKey } = keys;
      const goesOn = ({ suite: before, key }: Direction<unknown>, now: Uint8Array) =>
        before === suite && key.length === now.length && key.every((byte, i) => byte === now[i]);
      return encrypted(
        goesOn(sending, sendKey) ? sending : { suite, key: sendKey, context: createSrtpSender(suite, sendKey) },
        goesOn(receiving, receiveKey)
          ? receiving
          : { suite, key: receiveKey, context: createSrtpReceiver(suite, receiveKey) },
      );
    },
  };
}

const plain: CallEncryption = {
  sealRtp: (packet) => packet,
  sealRtcp: (packet) => packet,
  openRtp: (clear) => ({ clear }),
  openRtcp: (clear) => ({ clear }),
  goOn: createCallEncryption,
};
