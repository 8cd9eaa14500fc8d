/** How long the sound of an Opus packet is, from its first bytes (RFC 6716 §3). */

/** §3.1, table 2: by configuration; 4 of SILK, 2 of both, 4 of CELT for each bandwidth. */
const silkMs = [10, 20, 40, 60];
const hybridMs = [10, 20];
const celtMs = [2.5, 5, 10, 20];
const ticksPerMs = 48;
const longestMs = 120;

/**
 * @returns ticks of 48 kHz; undefined for what no encoder makes: nothing, or more than 120 ms (§3.4, R5). Whether the
 *   frames within are whole is the decoder's to find out.
 */
export function opusPacketTicks(packet: Uint8Array): number | undefined {
  const [toc, second] = packet;
  if (toc === undefined) return undefined;
  const frames = framesIn(toc & 3, second);
  const ms = frames * frameMs(toc >> 3);
  return frames === 0 || ms > longestMs ? undefined : ms * ticksPerMs;
}

function frameMs(configuration: number): number {
  if (configuration < 12) return silkMs[configuration & 3] ?? 0;
  if (configuration < 16) return hybridMs[configuration & 1] ?? 0;
  return celtMs[configuration & 3] ?? 0;
}

/** §3.2: one, two, two, or as many as the low six bits of the second byte say. */
function framesIn(code: number, second: number | undefined): number {
  if (code === 0) return 1;
  return code === 3 ? (second ?? 0) & 63 : 2;
}
