import { useEffect, useState } from "preact/hooks";
import type { AppStatus } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { bytes, duration } from "../format.ts";
import { useLoaded } from "../load.ts";
import { Badge, Fact, PageHead, Shown } from "../parts/bits.tsx";
import { Maintenance } from "../parts/maintenance.tsx";
import { Telephone } from "../parts/telephone.tsx";
import { may } from "../session.ts";

const lookEveryMs = 5_000;

const stateWords: Record<AppStatus["state"], string> = {
  starting: "Starting: calls are not answered yet",
  answering: "Answers calls",
  draining: "Drained: running calls go on, new ones go to people",
  stopping: "Stopping: running calls end, no new ones are taken",
};

/** For IT: whether each part of the appliance is well. Nothing of callers. */
export function SystemPage() {
  const [looks, look] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => look((before) => before + 1), lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  const status = useLoaded("status", (signal, background) => get<AppStatus>("/status", signal, background), looks);
  return (
    <>
      <PageHead title="System" sub="How the appliance is doing" />
      <Shown of={status}>{(value) => <Parts status={value} changed={() => look((before) => before + 1)} />}</Shown>
    </>
  );
}

function Parts({ status, changed }: { status: AppStatus; changed: () => void }) {
  const { alarms, calls, sip, speech, media, memory, web } = status;
  return (
    <div class="panels">
      {alarms.length > 0 && (
        <section class="panel">
          <h2>Needs attention</h2>
          {alarms.map(({ text, over, until }) => (
            <p key={text}>
              <Badge tone={over ? "bad" : "warn"}>{until === undefined ? "Now" : over ? "Overdue" : "Soon"}</Badge>{" "}
              {text}
            </p>
          ))}
        </section>
      )}
      {may("system:manage") && <Maintenance status={status} changed={changed} />}
      <section class="panel">
        <h2>Appliance</h2>
        <dl>
          <Fact name="Version">{status.version}</Fact>
          <Fact name="Running for">{duration(status.uptimeSeconds)}</Fact>
          <Fact name="Calls now">
            {calls.running} of at most {calls.atMost}
            {calls.limitedBy === "measured" && ", as many as this machine was measured to carry"}
            {calls.limitedBy === "load" && ", fewer than usual: answers come late"}
          </Fact>
          {calls.refused > 0 && <Fact name="Refused because all lines were taken">{calls.refused}</Fact>}
          <Fact name="Memory">{bytes(memory.rssBytes)}</Fact>
          <Fact name="State">{stateWords[status.state]}</Fact>
        </dl>
      </section>
      <Telephone sip={sip} media={media} />
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
