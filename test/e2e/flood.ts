/** A flood from strangers, in a process of its own: `bun flood.ts HOST PORT SECONDS ADDRESS…`. Prints what it sent. */
const [host = "", port = "", seconds = "", ...addresses] = process.argv.slice(2);
const endsAt = performance.now() + Number(seconds) * 1_000;
const sockets = await Promise.all(
  addresses.map((hostname) =>
    Bun.udpSocket({ hostname, socket: { data: () => void answers++, error: () => undefined } }),
  ),
);
let sent = 0;
let answers = 0;
const invite = Buffer.from(
  [
    `INVITE sip:200@${host}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${addresses[0]}:5060;branch=z9hG4bKflood;rport`,
    "Max-Forwards: 70",
    `From: <sip:stranger@${addresses[0]}>;tag=1`,
    `To: <sip:200@${host}>`,
    "Call-ID: flood",
    "CSeq: 1 INVITE",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n"),
);
const noise = crypto.getRandomValues(new Uint8Array(600));
while (performance.now() < endsAt) {
  for (const socket of sockets) {
    for (const datagram of [invite, noise]) if (socket.send(datagram, Number(port), host)) sent++;
  }
  if (sent % 512 < 2 * sockets.length) await Bun.sleep(1); // answers, if any, are read
}
await Bun.sleep(300);
console.log(JSON.stringify({ sent, answers }));
process.exit(0);
