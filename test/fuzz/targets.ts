/** Everything that reads what a network brings. */
import type { Target } from "./target.ts";
import { keyExchange } from "./targets/dtls.ts";
import { mediaSession } from "./targets/media-session.ts";
import { addresses, mediaPackets, sdesLines, sipMessages, streams } from "./targets/pure.ts";
import { registration } from "./targets/registration.ts";
import { sessionDescriptions } from "./targets/sdp.ts";
import { signallingSession } from "./targets/signalling.ts";
import { encryption } from "./targets/srtp.ts";

export const targets: readonly Target[] = [
  sipMessages,
  addresses,
  streams,
  signallingSession,
  registration,
  sessionDescriptions,
  sdesLines,
  mediaPackets,
  encryption,
  keyExchange,
  mediaSession,
];
