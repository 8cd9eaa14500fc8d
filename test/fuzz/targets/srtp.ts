/** SRTP and SRTCP: what was sealed opens to what it was, once; what was changed on the way does not. */
import type { SrtpSuite } from "../../../src/media/messages.ts";
import { rtpHeaderLength } from "../../../src/media/rtp.ts";
import { createSrtpReceiver, createSrtpSender } from "../../../src/media/srtp.ts";
import { masterBytes, srtpSuites } from "../../../src/media/srtp-suites.ts";
import { mutatePacket } from "../mutate.ts";
import { rtcpSeeds, rtpSeeds, straySeeds } from "../seeds.ts";
import { rule, type Target } from "../target.ts";

const suites = Object.keys(srtpSuites) as SrtpSuite[];
/** What is done to a packet, in `from`. */
const [sealedRtp, sealedRtcp, forged] = [0, 1, 2];

export const encryption: Target = {
  name: "srtp",
  inputs: 200,
  open(seed) {
    const suite = suites[seed % suites.length] ?? "AEAD_AES_128_GCM";
    const master = Uint8Array.from({ length: masterBytes(suite) }, (_, i) => (seed + 31 * i) & 0xff);
    const [sender, receiver] = [createSrtpSender(suite, master), createSrtpReceiver(suite, master)];
    let sealed: Uint8Array[] = [...straySeeds];

    function authentic(clear: Uint8Array, stream: "rtp" | "rtcp"): void {
      const packet = sender[stream](clear).slice();
      sealed = [...sealed.slice(-20), packet];
      const opened = receiver[stream](packet);
      // What is sealed out of order by more than the replay window is refused as old.
      if ("dropped" in opened) return rule(opened.dropped === "srtp-replayed" || stream === "rtp", opened.dropped);
      rule(Buffer.compare(opened.clear, clear) === 0, "a packet is another one once opened");
      const again = receiver[stream](packet);
      rule("dropped" in again && again.dropped === "srtp-replayed", "a packet is taken twice");
    }

    return {
      next(random) {
        const from = random.pick([sealedRtp, sealedRtcp, forged, forged, forged]);
        if (from === forged) return { kind: "input", bytes: mutatePacket(sealed, random), from };
        return { kind: "input", bytes: mutatePacket(from === sealedRtp ? rtpSeeds : rtcpSeeds, random), from };
      },
      feed(step) {
        if (step.kind !== "input") return;
        const { bytes, from } = step;
        if (from === sealedRtp && rtpHeaderLength(bytes) !== undefined) authentic(bytes, "rtp");
        if (from === sealedRtcp && bytes.length >= 8) authentic(bytes, "rtcp");
        if (from !== forged || sealed.some((one) => Buffer.compare(one, bytes) === 0)) return;
        for (const stream of ["rtp", "rtcp"] as const) {
          rule("dropped" in receiver[stream](bytes), `a forged ${stream} packet is taken`);
        }
      },
      settle: () => undefined,
    };
  },
};
