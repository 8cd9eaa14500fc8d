/** A peer that speaks SIP over a stream, by hand. */
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as tlsConnect } from "node:tls";

/** A peer's end of a connection, whose messages (none of ours has a body but the 200) are awaited one by one. */
export async function tcpPhone(port: number, address = "127.0.0.1", from?: string) {
  const socket = connect({ host: address, port, ...(from === undefined ? {} : { localAddress: from }) });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return reading(socket);
}

/** The same by TLS; "closed" from `next` where the handshake was refused. */
export async function tlsPhone(port: number, options: ConnectionOptions = {}) {
  const socket = tlsConnect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  const phone = reading(socket);
  await new Promise<void>((resolve) => socket.once("secureConnect", resolve).once("close", () => resolve()));
  return { ...phone, socket };
}

export function reading(socket: Socket) {
  let text = "";
  let over = false;
  let wake: () => void = () => undefined;
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    wake();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    over = true;
    wake();
  });
  const changed = () => new Promise<void>((resolve) => (wake = resolve));
  return {
    socket,
    send: (message: string) => socket.write(message, "latin1"),
    async next(): Promise<string> {
      for (;;) {
        const end = text.indexOf("\r\n\r\n");
        const length = Number(/^Content-Length: ([0-9]+)/m.exec(text)?.[1] ?? 0);
        if (end >= 0 && text.length >= end + 4 + length) {
          const message = text.slice(0, end + 4 + length);
          text = text.slice(end + 4 + length);
          return message;
        }
        if (over) return "closed";
        await changed();
      }
    },
    async raw(length: number): Promise<string> {
      while (text.length < length && !over) await changed();
      const taken = text.slice(0, length);
      text = text.slice(length);
      return taken;
    },
    async closed(): Promise<void> {
      while (!over) await changed();
    },
  };
}
