/** The Worker's calls in this very thread, so that the test can hold it up; over real sockets. */
import { expect, test } from "bun:test";
import type { FromMedia } from "../../../src/media/messages.ts";
import { createVad } from "../../../src/media/silero.ts";
import { createCalls } from "../../../src/media/worker/calls.ts";
import { loadOpus } from "../../../src/media/worker/opus-library.ts";
import { loud, negotiated, quiet, settings, talker } from "../one-call.ts";

const deaf = {
  infer: async (_: Float32Array, state: Float32Array, batch: number) => ({
    state,
    probabilities: new Float32Array(batch),
  }),
};

async function openCall() {
  const events: FromMedia[] = [];
  let noticed: (() => void) | undefined;
  const calls = createCalls(
    settings,
    {
      vad: createVad(deaf, (error) => {
        throw error;
      }),
      codecMemory: await loadOpus(),
    },
    (event) => {
      events.push(event);
      noticed?.();
    },
  );
  const next = async <K extends FromMedia["kind"]>(kind: K): Promise<Extract<FromMedia, { kind: K }>> => {
    for (;;) {
      const found = events.find((event): event is Extract<FromMedia, { kind: K }> => event.kind === kind);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        noticed = resolve;
      });
    }
  };
  let framesHeard = 0;
  let until: { count: number; resolve: () => void } | undefined;
  const peer = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data() {
        framesHeard++;
        if (until !== undefined && framesHeard >= until.count) until.resolve();
      },
    },
  });
  calls.handle({ kind: "open", callId: "call", address: "127.0.0.1" });
  const { port } = await next("opened");
  calls.handle({
    kind: "start",
    callId: "call",
    mode: "converse",
    media: { ...negotiated, remote: { address: "127.0.0.1", port: peer.port } },
  });
  return {
    calls,
    next,
    send: (packet: Uint8Array) => peer.send(packet, port, "127.0.0.1"),
    /** So many more packets of ours have reached the peer. */
    frames(count: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      until = { count: framesHeard + count, resolve };
      return promise;
    },
    close: () => peer.close(),
  };
}

test("what came while the thread was held up is heard whole, in its place, and nothing is made up", async () => {
  const line = await openCall();
  const voice = talker();
  for (let i = 0; i < 20; i++) {
    line.send(voice.packet(quiet));
    await line.frames(1);
  }
  line.calls.handle({ kind: "record", callId: "call", on: true });
  // A word of 260 ms arrives on time, but nobody is there to take it.
  const word = Array.from({ length: 13 }, () => voice.packet(loud));
  for (const packet of word) line.send(packet);
  Bun.sleepSync(260);
  for (let i = 0; i < 10; i++) {
    line.send(voice.packet(quiet));
    await line.frames(1);
  }
  line.calls.handle({ kind: "close", callId: "call" });
  const { stats } = await line.next("closed");
  expect(stats).toMatchObject({ received: 43, lost: 0, late: 0 });
  expect(stats.concealedMs).toBeLessThanOrEqual(20);
  const { caller } = await line.next("recorded");
  const frames = Array.from({ length: caller.length / 160 }, (_, i) => caller[160 * i + 5] === loud[5]);
  const first = frames.indexOf(true);
  expect(frames.slice(first, first + 13)).toEqual(new Array(13).fill(true));
  expect(frames.filter(Boolean)).toHaveLength(13);
  line.close();
});

test("What was taken and never heard is in the status by reason, of calls that run and of those that are over", async () => {
  const line = await openCall();
  const voice = talker();
  const packets = Array.from({ length: 12 }, () => voice.packet(quiet));
  for (const packet of packets.slice(1)) {
    line.send(packet);
    line.send(packet);
    await line.frames(1);
  }
  line.send(packets[0] ?? new Uint8Array(0)); // long after its time
  await line.frames(2);
  const during = line.calls.status();
  expect(during.unheard).toMatchObject({ duplicated: 11, late: 1 });
  expect(during.dropped).toEqual({});
  line.calls.handle({ kind: "close", callId: "call" });
  expect(line.calls.status().unheard).toEqual(during.unheard);
  line.close();
});
