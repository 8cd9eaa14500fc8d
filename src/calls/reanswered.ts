/** The other side has answered a description of ours once more: what its sound runs on from here on (RFC 3264 §8). */
import type { NegotiatedMedia } from "../media/messages.ts";
import { type OurSide, readAnswer } from "../media/sdp.ts";

/**
 * @param current what it runs on by now.
 * @param wasOffer whether our last description was an offer of all that we can. A refresh says it again, and its answer
 *   may choose anew; where it was an answer, all but where to and which way is settled.
 * @returns undefined where nothing changes; what cannot be used changes nothing either: sound goes on as it was.
 */
export function mediaReanswered(
  sdp: string,
  ours: OurSide,
  current: NegotiatedMedia | undefined,
  wasOffer: boolean,
): NegotiatedMedia | undefined {
  const read = readAnswer(sdp, ours);
  if (!read.ok) return undefined;
  const next = wasOffer || current === undefined ? read.media : movedTo(read.media, current);
  return Bun.deepEquals(next, current) ? undefined : next;
}

function movedTo({ remote, remoteRtcpPort, direction }: NegotiatedMedia, current: NegotiatedMedia): NegotiatedMedia {
  const { remoteRtcpPort: _before, ...agreed } = current;
  return { ...agreed, remote, direction, ...(remoteRtcpPort === undefined ? {} : { remoteRtcpPort }) };
}
