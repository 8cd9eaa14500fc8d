/** `gatehouse status`: what the running appliance holds: sockets, timers, dialogs, calls, speech children, memory. */
import { askJson } from "../control/client.ts";
import type { ListStatus, Status } from "../control/ports.ts";
import type { RegistrationStatus } from "../sip/ports.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

export const status: Command = {
  name: "status",
  summary: "what the running appliance holds: sockets, timers, dialogs, calls, speech, memory",
  usage: `gatehouse status [--data DIR] [--json]\n\n${placeUsage}`,
  async run(args) {
    const { values } = readArguments(args, placeOptions);
    const now = await askJson<Status>(configOf(values).storage.data, "/status");
    if (values.json) print(JSON.stringify(now));
    else print(describe(now).join("\n"));
    return 0;
  },
};

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const counts = (dropped: Record<string, number>) =>
  Object.entries(dropped)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(", ") || "nothing";

function registration({ trunk, state, registrar, expiresInSeconds, problem }: RegistrationStatus): string {
  const until = state === "registered" ? ` for ${expiresInSeconds} s, refreshed before` : "";
  return `Trunk   ${trunk}: ${state} with ${registrar}${until}${problem === undefined ? "" : `; ${problem}`}`;
}

function running({ callId, line, phase, encryption }: Status["calls"][number]): string {
  const how = { none: "not encrypted", sdes: "SRTP by SDES", dtls: "SRTP by DTLS" }[encryption];
  return `${callId} (line ${line}, ${phase}, ${how})`;
}

function listed({ file, at, problem, added, changed, withdrawn, rejected, rejects }: ListStatus): string[] {
  if (problem !== null) return [`List    ${file} at ${at} was refused: ${problem}`];
  const more = rejected > rejects.length ? [`          and ${rejected - rejects.length} more`] : [];
  return [
    `List    ${file} at ${at}: ${added} added, ${changed} changed, ${withdrawn} withdrawn, ${rejected} rows rejected`,
    ...rejects.map(({ line, reference, field, reason }) => `          line ${line} ${reference}: ${field} ${reason}`),
    ...more,
  ];
}

function describe({
  version,
  uptimeSeconds,
  state,
  alarms,
  sip,
  media,
  calls,
  limit,
  speech,
  prompts,
  lists,
  web,
  memory,
}: Status): string[] {
  return [
    `Gatehouse ${version}, up ${Math.round(uptimeSeconds)} s${state === "answering" ? "" : `, ${state}`}`,
    ...alarms.map(({ text }) => `Alarm   ${text}`),
    `SIP     ${sip.address} (${sip.transports.join(", ")}): ${sip.dialogs} dialogs, ${sip.transactions} transactions, ${sip.timers} timers, ${sip.sockets} sockets; dropped ${counts(sip.dropped)}`,
    ...(sip.tls === undefined ? [] : [`SIP TLS port ${sip.tls.port}  certificate SHA-256 ${sip.tls.fingerprint}`]),
    ...sip.registrations.map(registration),
    ...sip.rejected.map(
      ({ address, count, atMostOver, reason }) =>
        `Refused ${address}: ${atMostOver === 0 ? count : `${count - atMostOver} to ${count}`} datagrams, the last one as ${reason}`,
    ),
    `Media   ${media.calls} calls, ${media.sockets} sockets, ${media.timers} timers, lateness p99 ${media.latenessP99Ms.toFixed(1)} ms; dropped ${counts(media.dropped)}; unheard ${counts(media.unheard)}`,
    `Calls   ${calls.length === 0 ? "none" : calls.map(running).join(", ")}`,
    `Limit   ${limit.atMost} calls at once (${limit.by === "measured" ? "measured at start" : "sip.maxCalls"}); ${limit.refused} refused because all were taken`,
    ...speech.map(
      (child) =>
        `Speech  ${child.kind} ${child.model}: pid ${child.pid}, ${child.ready ? "ready" : "starting"}, ${child.restarts} restarts, ${child.queued} queued`,
    ),
    ...(prompts === undefined
      ? []
      : [
          `Prompts ${prompts.prompts} ready, ${megabytes(prompts.bytes)}: ${prompts.recalled} kept from before, ${prompts.spoken} spoken; ${prompts.damaged} damaged, ${prompts.unwritten} not kept`,
        ]),
    ...lists.flatMap(listed),
    `Web     ${web.url}  certificate SHA-256 ${web.fingerprint}`,
    `Memory  ${megabytes(memory.rssBytes)} resident, ${megabytes(memory.heapBytes)} heap`,
  ];
}
