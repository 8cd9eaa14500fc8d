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

/** Packets under the new key until nothing of the old one can be on its way any more: some seconds. */
const overlapPackets = 200;

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
      return encrypted(
        goesOn(sending, suite, sendKey) ? sending : { suite, key: sendKey, context: createSrtpSender(suite, sendKey) },
        goesOn(receiving, suite, receiveKey)
          ? receiving
          : {
              suite,
              key: receiveKey,
              context: overlapping(createSrtpReceiver(suite, receiveKey), receiving.context),
            },
      );
    },
  };
}

function goesOn({ suite, key }: Direction<unknown>, nextSuite: SrtpKeys["suite"], next: Uint8Array): boolean {
  return suite === nextSuite && key.length === next.length && key.every((byte, i) => byte === next[i]);
}

/** Until the other side has read our answer, and for what is still on its way then, it is the key before that fits. */
function overlapping(now: SrtpReceiver, before: SrtpReceiver): SrtpReceiver {
  let opened = 0;
  const either = (stream: "rtp" | "rtcp") => (packet: Uint8Array) => {
    const result = now[stream](packet);
    if ("clear" in result) opened++;
    else if (result.dropped === "srtp-unauthentic" && opened < overlapPackets) return before[stream](packet);
    return result;
  };
  return { rtp: either("rtp"), rtcp: either("rtcp") };
}

const plain: CallEncryption = {
  sealRtp: (packet) => packet,
  sealRtcp: (packet) => packet,
  openRtp: (clear) => ({ clear }),
  openRtcp: (clear) => ({ clear }),
  goOn: createCallEncryption,
};
