import type { AppStatus } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { bytes, duration } from "../format.ts";
import { useLoaded } from "../load.ts";
import { Badge, Fact, PageHead, Shown } from "../parts/bits.tsx";

const stateWords: Record<AppStatus["state"], string> = {
  starting: "Starting: calls are not answered yet",
  answering: "Answers calls",
  draining: "Drained: running calls go on, new ones go to people",
  stopping: "Stopping: running calls end, no new ones are taken",
};

/** For IT: whether each part of the appliance is well. Nothing of callers. */
export function SystemPage() {
  const status = useLoaded("status", (signal) => get<AppStatus>("/status", signal));
  return (
    <>
      <PageHead title="System" sub="How the appliance is doing" />
      <Shown of={status}>{(value) => <Parts status={value} />}</Shown>
    </>
  );
}

function Parts({ status }: { status: AppStatus }) {
  const { alarms, calls, sip, speech, media, memory, web } = status;
  return (
    <div class="panels">
      {alarms.length > 0 && (
        <section class="panel">
          <h2>Needs attention</h2>
          {alarms.map(({ text, over }) => (
            <p key={text}>
              <Badge tone={over ? "bad" : "warn"}>{over ? "Overdue" : "Soon"}</Badge> {text}
            </p>
          ))}
        </section>
      )}
      <section class="panel">
        <h2>Appliance</h2>
        <dl>
          <Fact name="Version">{status.version}</Fact>
          <Fact name="Running for">{duration(status.uptimeSeconds)}</Fact>
          <Fact name="Calls now">
            {calls.running} of at most {calls.atMost}
            {calls.limitedBy === "measured" && ", as many as this machine was measured to carry"}
          </Fact>
          {calls.refused > 0 && <Fact name="Refused because all lines were taken">{calls.refused}</Fact>}
          <Fact name="Memory">{bytes(memory.rssBytes)}</Fact>
          <Fact name="State">{stateWords[status.state]}</Fact>
        </dl>
      </section>
      <section class="panel">
        <h2>Telephone</h2>
        <dl>
          <Fact name="SIP">
            {sip.address} ({sip.transport})
          </Fact>
          {sip.tls !== undefined && (
            <Fact name="SIP over TLS">
              Port {sip.tls.port}, certificate valid until {sip.tls.certificateEndsAt.slice(0, 10)}, SHA-256{" "}
              <span class="fingerprint">{sip.tls.fingerprint}</span>
            </Fact>
          )}
          <Fact name="Audio sockets">{media.sockets}</Fact>
          <Fact name="Audio sent late (99th percentile)">{media.latenessP99Ms.toFixed(1)} ms</Fact>
        </dl>
      </section>
      <section class="panel">
        <h2>Speech</h2>
        <dl>
          {speech.map((child, index) => (
            <Fact key={index} name={child.kind === "whisper" ? "Hearing" : "Speaking"}>
              <Badge tone={child.ready ? "good" : "warn"}>{child.ready ? "Ready" : "Starting"}</Badge> {child.model}
              {child.restarts > 0 && `, restarted ${child.restarts} ${child.restarts === 1 ? "time" : "times"}`}
            </Fact>
          ))}
        </dl>
      </section>
      <section class="panel">
        <h2>Certificate of these pages</h2>
        <p class="fingerprint">{web.fingerprint}</p>
        <p class="hint">
          SHA-256, valid until {web.certificateEndsAt.slice(0, 10)}. Compare it with what the browser shows before you
          trust it.
        </p>
      </section>
    </div>
  );
}
