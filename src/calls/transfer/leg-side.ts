/** What a leg is offered: the same codecs and encryption that a call of its trunk might have had. */
import type { CodecName } from "../../media/messages.ts";
import { createCallKeys, type SrtpPorts } from "../call-keys.ts";
import type { LegSide } from "./ports.ts";

/**
 * @param trunk By which it goes; undefined: that of `sip.peers`.
 * @param address Of ours, where its sound comes to.
 */
export function createLegSide(
  trunk: string | undefined,
  address: string,
  ports: { codecs: readonly CodecName[]; srtp: SrtpPorts },
): LegSide {
  const keysFor = createCallKeys({ byTls: ports.srtp.legsByTls(trunk), trunk }, ports.srtp);
  const sessionId = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return {
    address,
    ours(port, version, current) {
      const encryption = keysFor(current);
      const side = { address, port, codecs: [...ports.codecs], sessionId, version };
      return encryption === undefined ? side : { ...side, encryption };
    },
  };
}
