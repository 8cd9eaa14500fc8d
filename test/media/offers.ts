/** Session descriptions as PBXes offer them, and our side of the bargain. */
import { answerOffer, type OurSide } from "../../src/media/sdp.ts";

export const ours: OurSide = {
  address: "192.0.2.1",
  port: 40_000,
  codecs: ["PCMA", "PCMU"],
  sessionId: 77,
  version: 3,
};

export const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n";

/** Of somebody at 192.0.2.9. */
export function offer(...lines: string[]): string {
  return head + lines.map((line) => `${line}\r\n`).join("");
}

export function accepted(sdp: string, side = ours) {
  const answered = answerOffer(sdp, side);
  if (!answered.ok) throw new Error(`refused: ${answered.reason}`);
  return { ...answered, lines: answered.sdp.trimEnd().split("\r\n") };
}
