/** A SIP message as a relay passes it on: its sender's own place, in Contact and in SDP, becomes the relay's. */
export type Place = { address: string; port: number };

/**
 * Via stays as it is: whoever answers goes by `received` and `rport`.
 * @param stands The relay's place that stands for `sender`.
 * @param mediaPort For the call and the place named in SDP: the port that stands for it.
 */
export async function rewriteMessage(
  bytes: Buffer,
  sender: Place,
  stands: Place,
  mediaPort: (callId: string, place: Place) => Promise<number>,
): Promise<Buffer> {
  const text = bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return bytes;
  const callId = /^(?:Call-ID|i) *: *(.*)$/im.exec(text.slice(0, end))?.[1] ?? "";
  const body = await rewriteSdp(text.slice(end + 4), (place) => mediaPort(callId, place));
  const own = `${sender.address}:${sender.port}`;
  const head = text
    .slice(0, end)
    .split("\r\n")
    .map((line) => {
      if (/^(Contact|m) *:/i.test(line)) return line.replace(own, `${stands.address}:${stands.port}`);
      return /^(Content-Length|l) *:/i.test(line) ? `Content-Length: ${body.length}` : line;
    });
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1");
}

async function rewriteSdp(body: string, mediaPort: (place: Place) => Promise<number>): Promise<string> {
  const address = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  const port = /^m=audio (\d+)/m.exec(body)?.[1];
  if (address === undefined || port === undefined || port === "0") return body;
  const standIn = await mediaPort({ address, port: Number(port) });
  return body.replace(/^(m=audio )\d+/m, `$1${standIn}`).replace(/^(c=IN IP4 )\S+/m, "$1127.0.0.1");
}
