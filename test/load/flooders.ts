/**
 * Whoever should not be heard, in a process of its own, started by flood.ts with its orders as JSON: strangers, and
 * somebody who writes in the PBX's name. Any message ends it; it prints what was sent.
 */
export type FloodOrders = {
  target: { host: string; port: number };
  /** Addresses that no trunk names. */
  strangers: readonly string[];
  peer: string;
  strangersPerSecond: number;
  peerPerSecond: number;
  seconds: number;
};

export type FloodSent = { strangers: number; inPeersName: number; answersToStrangers: number };

const tickMs = 2;
let serial = 0;

/** What a stranger may send, in turn; garbage is as long as a message. */
const strangerKinds = ["INVITE", "OPTIONS", "REGISTER", "garbage"] as const;
/** A BYE of no dialog, an INVITE within none. */
const peerKinds = ["OPTIONS", "BYE", "garbage"] as const;

function message(kind: (typeof strangerKinds | typeof peerKinds)[number], from: string, { target }: FloodOrders) {
  serial += 1;
  if (kind === "garbage") return `${"\u0007garbage ".repeat(30)}${serial}`;
  return [
    `${kind} sip:echo@${target.host}:${target.port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${from}:5099;branch=z9hG4bKflood${serial};rport`,
    "Max-Forwards: 70",
    `From: <sip:flood@${from}>;tag=f${serial}`,
    `To: <sip:echo@${target.host}>${kind === "BYE" ? ";tag=nobody" : ""}`,
    `Call-ID: flood-${serial}`,
    `CSeq: 1 ${kind}`,
    `Contact: <sip:flood@${from}:5099>`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** Made beforehand and sent over and over by strangers, who are dropped unread; anew each time in the peer's name. */
const distinct = 64;

async function flood(orders: FloodOrders): Promise<FloodSent> {
  const { target, strangers, peer, strangersPerSecond, peerPerSecond, seconds } = orders;
  const sent: FloodSent = { strangers: 0, inPeersName: 0, answersToStrangers: 0 };
  const open = (hostname: string, heard: () => void) =>
    Bun.udpSocket({ hostname, socket: { data: heard, error: () => undefined } });
  const outside = await Promise.all(strangers.map((address) => open(address, () => void sent.answersToStrangers++)));
  const inside = await open(peer, () => undefined);
  const ready = outside.map((_, i) =>
    Array.from({ length: distinct }, (_, n) =>
      Buffer.from(message(strangerKinds[n % strangerKinds.length] ?? "garbage", strangers[i] ?? "", orders)),
    ),
  );
  let stopped = false;
  process.on("message", () => {
    stopped = true;
  });
  const fromMs = performance.now();
  for (let elapsed = 0; elapsed < seconds * 1_000 && !stopped; elapsed = performance.now() - fromMs) {
    for (; sent.strangers < (strangersPerSecond * elapsed) / 1_000; sent.strangers += 1) {
      const at = sent.strangers % outside.length;
      const bytes = ready[at]?.[Math.floor(sent.strangers / outside.length) % distinct];
      if (bytes !== undefined) outside[at]?.send(bytes, target.port, target.host);
    }
    for (; sent.inPeersName < (peerPerSecond * elapsed) / 1_000; sent.inPeersName += 1) {
      const kind = peerKinds[sent.inPeersName % peerKinds.length] ?? "garbage";
      inside.send(message(kind, peer, orders), target.port, target.host);
    }
    await Bun.sleep(tickMs);
  }
  return sent;
}

if (import.meta.main) {
  console.log(JSON.stringify(await flood(JSON.parse(process.argv[2] ?? "") as FloodOrders)));
  process.exit(0);
}
