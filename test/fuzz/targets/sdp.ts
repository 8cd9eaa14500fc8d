/** Session descriptions of strangers, as offers and as answers, under every policy. */
import { ipVersion } from "../../../src/media/ip-address.ts";
import type { NegotiatedMedia, SrtpSuite } from "../../../src/media/messages.ts";
import { answerOffer, makeOffer, type OurSide, readAnswer } from "../../../src/media/sdp.ts";
import type { OurDtls } from "../../../src/media/sdp-dtls.ts";
import { readSession } from "../../../src/media/sdp-read.ts";
import { masterBytes } from "../../../src/media/srtp-suites.ts";
import { mutateBytes, mutateLines } from "../mutate.ts";
import { sdpSeeds } from "../seeds.ts";
import { rule, type Target } from "../target.ts";

const keyFor = (suite: SrtpSuite) => new Uint8Array(masterBytes(suite)).fill(9);
const plain: OurSide = {
  address: "192.0.2.9",
  port: 30_000,
  codecs: ["PCMA", "PCMU", "G722"],
  sessionId: 7,
  version: 1,
};

const dtls: OurDtls = {
  fingerprint: { hash: "sha256", value: new Uint8Array(32).fill(9) },
  current: undefined,
  tlsIdFor: () => "our-end-of-an-association",
};

/** Ours in every shape that configuration can give it. */
const sides: readonly OurSide[] = [
  plain,
  { ...plain, address: "2001:db8::9" },
  { ...plain, encryption: { policy: "prefer", keyFor } },
  { ...plain, encryption: { policy: "require", keyFor }, codecs: ["G722"] },
  { ...plain, encryption: { policy: "prefer", keyFor, dtls } },
  { ...plain, encryption: { policy: "require", dtls } },
];

export const sessionDescriptions: Target = {
  name: "sdp",
  inputs: 250,
  open: () => ({
    next: (random) => ({
      kind: "input",
      bytes: random.below(3) === 0 ? mutateBytes(sdpSeeds, random) : mutateLines(sdpSeeds, random),
      from: 0,
    }),
    feed(step) {
      if (step.kind !== "input") return;
      const sdp = Buffer.from(step.bytes).toString("utf8");
      for (const ours of sides) {
        checkAnswer(sdp, ours);
        const concluded = readAnswer(sdp, ours);
        if (concluded.ok) checkMedia(concluded.media, ours);
      }
    },
    settle: () => undefined,
  }),
};

function checkAnswer(offer: string, ours: OurSide): void {
  const answered = answerOffer(offer, ours);
  if (!answered.ok) return;
  checkMedia(answered.media, ours);
  checkText(answered.sdp);
  const [asked, given] = [readSession(offer), readSession(answered.sdp)];
  rule(given !== undefined, "our answer cannot be read");
  // RFC 3264 §6: as many m= lines, in the same order; ours takes one.
  rule(given?.media.length === asked?.media.length, "our answer has another number of m= lines");
  rule(
    given?.media.filter(({ port }) => port !== 0).length === 1,
    "our answer takes another number of streams than one",
  );
  const taken = given?.media.findIndex(({ port }) => port !== 0) ?? -1;
  rule(asked?.media[taken]?.port !== 0, "our answer takes a stream that was not offered");
  rule(asked?.media[taken]?.protocol === given?.media[taken]?.protocol, "our answer changes the profile");
  rule(
    !ours.encryption ||
      ours.encryption.policy === "prefer" ||
      (answered.media.srtp ?? answered.media.dtls) !== undefined,
    "sound in the clear",
  );
  checkText(makeOffer(ours));
}

/** RFC 8866 §5: nothing of an offer may begin a line of its own in our answer. */
function checkText(sdp: string): void {
  rule(sdp.endsWith("\r\n"), "our SDP does not end its last line");
  for (const line of sdp.slice(0, -2).split("\r\n")) {
    rule(/^[vosctma]=[^\r\n\0]*$/.test(line), "our SDP has a line that is none of ours");
  }
}

function checkMedia(media: NegotiatedMedia, ours: OurSide): void {
  const { ptimeMs, remote, sendPayloadType, receivePayloadType, dtmfPayloadType = 101, remoteRtcpPort = 1 } = media;
  rule(ptimeMs >= 10 && ptimeMs <= 60 && ptimeMs % 10 === 0, "a packet time that cannot be kept");
  rule(remote.port >= 1 && remote.port <= 65_535, "sound for no port");
  rule(remoteRtcpPort >= 0 && remoteRtcpPort <= 65_535, "RTCP for no port");
  rule(ipVersion(remote.address) === ipVersion(ours.address), "sound for an address of the other family");
  rule(!/^(22[4-9]|23\d|24\d|25[0-5])\./.test(remote.address), "sound for a multicast or reserved address");
  for (const type of [sendPayloadType, receivePayloadType, dtmfPayloadType]) {
    rule(Number.isInteger(type) && type >= 0 && type <= 127, "a payload type beyond 127");
  }
  rule(ours.codecs.includes(media.codec), "a codec that is not allowed");
  rule(media.dtls?.fingerprints.length !== 0, "a certificate that nothing is known of");
  const { srtp } = media;
  if (srtp === undefined) return;
  rule(srtp.receiveKey.length === masterBytes(srtp.suite), "a key of another length than its suite's");
}
