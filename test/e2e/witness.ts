/** A telephone that hums on the echo line while something is done to the appliance, and tells what it heard of itself. */
import { expect } from "bun:test";
import { isLoud } from "../caller/loudness.ts";
import { dial } from "../caller/phone.ts";
import type { Appliance } from "./appliance.ts";

const frameMs = 20;

export type Witness = {
  /** Until it has hummed to its end. */
  humming(): boolean;
  /** Share of the packets due that came, and of those with our hum in them. */
  shares(): { came: number; hummed: number; longestSendGapMs: number };
  /** It lives still, every packet came, and with what it should hold. */
  expectUndisturbed(): void;
  hangUp(): Promise<void>;
};

/**
 * Returns when the call is answered. @throws if it is not.
 * @param unheardSeconds of the hum that count for nothing.
 */
export async function startWitness(
  { sip }: Pick<Appliance, "sip">,
  seconds: number,
  unheardSeconds = 0,
): Promise<Witness> {
  const answered = Promise.withResolvers<void>();
  let ended: string | undefined;
  let [packets, loud, firstMs, lastMs] = [0, 0, 0, 0];
  let [sentMs, longestSendGapMs, countedFromMs] = [0, 0, 0];
  const phone = await dial(
    { ...sip, number: "echo", from: "test" },
    {
      answered: () => answered.resolve(),
      heard: () => undefined,
      ended(by, status) {
        ended = `by ${by} ${status ?? ""}`;
        answered.reject(new Error(ended));
      },
      sent(_, atMs) {
        if (sentMs > 0 && phone.speaking()) longestSendGapMs = Math.max(longestSendGapMs, atMs - sentMs);
        sentMs = atMs;
      },
      received(frame, atMs) {
        const isHum = isLoud(frame);
        if (!phone.speaking() || (packets === 0 && !isHum) || atMs < countedFromMs) return;
        if (packets === 0) firstMs = atMs;
        lastMs = atMs;
        packets++;
        if (isHum) loud++;
      },
    },
  );
  await answered.promise;
  countedFromMs = performance.now() + 1_000 * unheardSeconds;
  const hertz = 2 * Math.PI * 440;
  phone.say(Int16Array.from({ length: 8_000 * seconds }, (_, i) => 8_000 * Math.sin((hertz * i) / 8_000)));

  const shares = () => ({
    came: packets / ((lastMs - firstMs) / frameMs + 1),
    hummed: loud / packets,
    longestSendGapMs: Math.round(longestSendGapMs),
  });
  return {
    humming: () => phone.speaking(),
    shares,
    expectUndisturbed() {
      const seen = shares();
      expect(ended).toBeUndefined();
      expect(packets).toBeGreaterThan(40);
      expect(seen.came).toBeGreaterThan(0.98);
      // Where this process itself was kept waiting, what it sent late is missing in the echo, and that is its own fault.
      expect(seen.hummed + seen.longestSendGapMs / frameMs / packets).toBeGreaterThan(0.99);
    },
    async hangUp() {
      if (ended === undefined) phone.hangUp();
      await Bun.sleep(100); // its BYE is answered before the socket closes
      phone.close();
    },
  };
}
