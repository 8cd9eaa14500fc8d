import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kamailio } from "./kamailio.ts";

/** A call by SIPp through the PBX, its sound by a socket of our own. `echoed`: packets that came back as they were sent. */
export async function callThrough(
  pbx: Pick<Kamailio, "port" | "callerPort">,
  scenario: string,
  onEcho?: () => void,
  number = "1000",
) {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-caller-"));
  const sent = Buffer.alloc(172, 0xd5);
  sent[0] = 0x80;
  sent[1] = 8;
  for (let at = 12; at < sent.length; at += 1) sent[at] = at;
  let [packets, echoed] = [0, 0];
  const sound = await Bun.udpSocket({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      // The appliance's packets set the pace: one of ours for each.
      data(socket, packet, port, address) {
        packets += 1;
        if (Buffer.from(packet).subarray(12).equals(sent.subarray(12))) echoed += 1;
        if (echoed === 20) onEcho?.();
        sent.writeUInt16BE(packets & 0xffff, 2);
        sent.writeUInt32BE(packets * 160, 4);
        socket.send(sent, port, address);
      },
      error: () => undefined, // when the call has ended, nobody listens there any more
    },
  });
  const file = join(import.meta.dir, "../peers/sipp", scenario);
  const child = Bun.spawn(
    [
      ...["sipp", "-sf", file, `127.0.0.1:${pbx.port}`, "-s", number, "-i", "127.0.0.1", "-p", String(pbx.callerPort)],
      ...["-key", "rtp", String(sound.port), "-m", "1", "-timeout", "20s", "-timeout_error", "-nostdin"],
    ],
    { cwd: folder, stdout: "ignore", stderr: "pipe" },
  );
  const errors = await child.stderr.text();
  const code = await child.exited;
  sound.close();
  rmSync(folder, { recursive: true, force: true });
  return { code, errors, echoed };
}
