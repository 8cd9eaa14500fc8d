/** The signalling of one call as lines of text. */
import type { LadderStep, SdpSummary } from "../sip/ports.ts";
import type { CallSignalling } from "../web/api/shapes.ts";

export function describeSignalling({ quality, ladder }: CallSignalling): string[] {
  const sound = quality.map(({ name, value }) => `  ${name.padEnd(28)}${value}`);
  if (ladder === null) return [...sound, "  No signalling is kept: the call still runs, or was cut off."];
  const omitted = ladder.omitted === 0 ? [] : [`  … and ${ladder.omitted} messages more, which are not kept`];
  return [...sound, "", ...ladder.steps.map(oneStep), ...omitted, `  ended: ${ladder.end}`];
}

const ways = { pbx: "PBX ──> us        ", us: "PBX <── us        " };
const legWays = { pbx: "        us <── leg", us: "        us ──> leg" };

function oneStep({ atMs, from, leg, what, cseq, transport, again, sdp, note }: LadderStep): string {
  const way = leg ? legWays[from] : ways[from];
  const times = again === 0 ? "" : `sent ${again + 1} times`;
  const more = [sdp && describeSdp(sdp), note, times].filter((part) => part !== undefined && part !== "");
  return `  ${String(atMs).padStart(8)} ms  ${way}  ${what.padEnd(24)} ${cseq.padEnd(12)} ${transport}  ${more.join("; ")}`.trimEnd();
}

function describeSdp({ codecs, dtmf, direction, ptimeMs, srtp }: SdpSummary): string {
  const keys = dtmf ? ["telephone-event"] : [];
  const packets = ptimeMs === undefined ? [] : [`${ptimeMs} ms`];
  return [...codecs, ...keys, ...packets, direction, ...(srtp ?? [])].join(", ");
}
