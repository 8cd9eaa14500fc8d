import { useState } from "preact/hooks";
import type { CallSignalling, Ladder, LadderStep, SdpSummary } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { useLoaded } from "../load.ts";
import { endReason } from "../words.ts";
import { Badge, Fact, Shown } from "./bits.tsx";

/** For IT: how the call was set up and how it sounded. Asked for when it is opened, as each look is written down. */
export function Signalling({ path }: { path: string }) {
  const [isOpen, open] = useState(false);
  return (
    <details class="panel signalling" onToggle={(event) => event.currentTarget.open && open(true)}>
      <summary>
        <h2>For IT: signalling</h2>
      </summary>
      {isOpen && <Opened path={`${path}/signalling`} />}
    </details>
  );
}

function Opened({ path }: { path: string }) {
  const signalling = useLoaded(path, (signal) => get<CallSignalling>(path, signal));
  return (
    <Shown of={signalling}>
      {({ quality, ladder }) => (
        <>
          {quality.length > 0 && (
            <dl class="quality">
              {quality.map(({ name, value }) => (
                <Fact key={name} name={name}>
                  {value}
                </Fact>
              ))}
            </dl>
          )}
          {ladder === null ? <p class="hint">Messages are kept once a call has ended.</p> : <Steps ladder={ladder} />}
        </>
      )}
    </Shown>
  );
}

function Steps({ ladder: { steps, omitted, end } }: { ladder: Ladder }) {
  const hasLeg = steps.some(({ leg }) => leg);
  return (
    <>
      <table class={`ladder${hasLeg ? " has-leg" : ""}`}>
        <caption class="hidden">Messages between PBX and Gatehouse, in order</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="ladder-ends">
              <span>PBX</span>
              <span class="hidden">and</span>
              <span>Gatehouse</span>
              {hasLeg && <span>Whom it rang</span>}
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <Step key={index} step={step} />
          ))}
        </tbody>
      </table>
      <p class="hint">
        {omitted > 0 && `And ${omitted} more messages, which are not kept. `}
        Ended: {endReason(end)}. Nothing here names who called or what was said.
      </p>
    </>
  );
}

function Step({ step: { atMs, from, leg, what, cseq, transport, again, sdp, note } }: { step: LadderStep }) {
  const refused = /^[4-6]\d\d/.test(what);
  const other = leg ? "The one rung" : "PBX";
  return (
    <tr>
      <th scope="row">{timeOf(atMs)}</th>
      <td class={`ladder-way is-${from}${leg ? " is-leg" : ""}`}>
        <div class="ladder-step">
          <div class="ladder-what">
            <span class="hidden">{from === "pbx" ? `${other} to Gatehouse: ` : `Gatehouse to ${other}: `}</span>
            <strong class={refused ? "is-refused" : undefined}>{what}</strong>
            {note !== undefined && <Badge tone="info">{note}</Badge>}
            {again > 0 && <Badge tone="warn">{again + 1} times</Badge>}
          </div>
          <div class="ladder-arrow" aria-hidden="true" />
          <div class="ladder-more">
            {cseq}, {transport.toUpperCase()}
            {sdp !== undefined && ` · ${soundOf(sdp)}`}
          </div>
        </div>
      </td>
    </tr>
  );
}

const timeOf = (ms: number) => (ms < 1_000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`);

function soundOf({ codecs, dtmf, direction, ptimeMs, srtp }: SdpSummary): string {
  const keys = dtmf ? ["telephone-event"] : [];
  const packets = ptimeMs === undefined ? [] : [`${ptimeMs} ms`];
  return [...codecs, ...keys, ...packets, direction, ...(srtp ?? [])].join(", ");
}
