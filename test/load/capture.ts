/** What the kernel saw on the loopback, by tcpdump: the times are the kernel's, not those of a process that was told. */
import { type CapturedDatagram, readPcap } from "./pcap.ts";

export type Capture = {
  /** @throws Error if tcpdump lost packets: what is measured then is tcpdump. */
  stop(): Promise<CapturedDatagram[]>;
};

/**
 * @param ports UDP ports; what goes to or comes from one of them is kept, in memory only.
 * @returns undefined where this user may not capture, or tcpdump is missing.
 */
export async function startCapture(ports: readonly number[]): Promise<Capture | undefined> {
  if (Bun.which("tcpdump") === null) return undefined;
  const filter = `udp and (${ports.map((port) => `port ${port}`).join(" or ")})`;
  const options = ["-i", "lo", "-n", "-s", "512", "-B", "65536", "--time-stamp-precision=nano", "-w", "-"];
  const child = Bun.spawn(["tcpdump", ...options, filter], { stdout: "pipe", stderr: "pipe" });
  const captured = child.stdout.bytes();
  const said = { text: "" };
  const listening = Promise.withResolvers<boolean>();
  const finished = collect(child.stderr, (text) => {
    said.text += text;
    if (said.text.includes("listening on")) listening.resolve(true);
  }).then(() => listening.resolve(false));
  if (!(await listening.promise)) return undefined;
  return {
    async stop() {
      await Bun.sleep(200); // what is still in its ring
      child.kill("SIGINT");
      const file = await captured;
      await finished;
      const lost = Number(/(\d+) packets dropped by kernel/.exec(said.text)?.[1]);
      if (lost !== 0) throw new Error(`tcpdump lost ${lost} packets`);
      return readPcap(file);
    },
  };
}

async function collect(stream: ReadableStream<Uint8Array>, read: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) read(decoder.decode(chunk, { stream: true }));
}
