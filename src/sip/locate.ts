/**
 * Where a SIP server of a given name is found (RFC 3263 §4). The transport is always named in our configuration, which
 * leaves nothing for NAPTR to say (§4.1); a port, or an address instead of a name, leaves nothing for SRV (§4.2).
 */
import type { Transport } from "./endpoint.ts";

/** One SRV record (RFC 2782). */
export type ServiceRecord = {
  /** The lowest is tried first. */
  readonly priority: number;
  /** Share of the choices among those of one priority. */
  readonly weight: number;
  readonly port: number;
  readonly name: string;
};

/** RFC 3263 §4.1: "_sips._tcp" is TLS. */
export function serviceName(transport: Transport, host: string): string {
  const service = transport === "tls" ? "_sips._tcp" : `_sip._${transport}`;
  return `${service}.${host}`;
}

/**
 * The order in which they are tried (RFC 2782, "Priority" and "Weight").
 * @param random From 0 up to 1, asked once for each record of a priority that has more than one.
 * @returns Empty where the only one is "." (RFC 2782): the service is decidedly not there.
 */
export function orderServices(records: readonly ServiceRecord[], random: () => number): ServiceRecord[] {
  const [only] = records;
  if (records.length === 1 && (only?.name === "" || only?.name === ".")) return [];
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((wanted) =>
    drawByWeight(
      records.filter(({ priority }) => priority === wanted),
      random,
    ),
  );
}

/** Those of weight 0 stand in front, so that they have a small chance beside others, and all of it among themselves. */
function drawByWeight(records: readonly ServiceRecord[], random: () => number): ServiceRecord[] {
  const left = [...records].sort((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  const drawn: ServiceRecord[] = [];
  while (left.length > 1) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    const mark = Math.floor(random() * (total + 1)); // 0 … total, both included
    let sum = 0;
    const at = left.findIndex(({ weight }) => {
      sum += weight;
      return sum >= mark;
    });
    drawn.push(...left.splice(Math.max(0, at), 1));
  }
  return [...drawn, ...left];
}
