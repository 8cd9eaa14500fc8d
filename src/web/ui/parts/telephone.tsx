import type { AppStatus, RegistrationStatus } from "../../api/shapes.ts";
import { Badge, Fact } from "./bits.tsx";

/** Where calls arrive, and what was turned away. */
export function Telephone({ sip, media }: Pick<AppStatus, "sip" | "media">) {
  return (
    <>
      <section class="panel">
        <h2>Telephone</h2>
        <dl>
          <Fact name="Listens on">
            {sip.address} ({sip.transport})
          </Fact>
          {sip.tls !== undefined && (
            <Fact name="SIP over TLS">
              Port {sip.tls.port}, certificate valid until {sip.tls.certificateEndsAt.slice(0, 10)}, SHA-256{" "}
              <span class="fingerprint">{sip.tls.fingerprint}</span>
            </Fact>
          )}
          {sip.registrations.map((registration) => (
            <Registration key={registration.trunk} registration={registration} />
          ))}
          <Fact name="Audio sockets">{media.sockets}</Fact>
          <Fact name="Audio sent late (99th percentile)">{media.latenessP99Ms.toFixed(1)} ms</Fact>
        </dl>
      </section>
      <section class="panel">
        <h2>Turned away</h2>
        <Counts of={{ ...prefixed("SIP", sip.dropped), ...prefixed("Audio", media.dropped) }} />
        {sip.rejected.length > 0 && (
          <table class="sources">
            <caption>Who sent most of it</caption>
            <thead>
              <tr>
                <th scope="col">Address</th>
                <th scope="col">Messages</th>
                <th scope="col">Last one as</th>
              </tr>
            </thead>
            <tbody>
              {sip.rejected.map(({ address, count, atMostOver, reason }) => (
                <tr key={address}>
                  <th scope="row">{address}</th>
                  <td>{atMostOver === 0 ? count : `${count - atMostOver} to ${count}`}</td>
                  <td>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </>
  );
}

const states: Record<RegistrationStatus["state"], { label: string; tone: "good" | "info" | "bad" | "quiet" }> = {
  registered: { label: "Registered", tone: "good" },
  trying: { label: "Registering", tone: "info" },
  waiting: { label: "Not registered", tone: "bad" },
  off: { label: "Withdrawn", tone: "quiet" },
};

function Registration({ registration }: { registration: RegistrationStatus }) {
  const { trunk, state, registrar, expiresInSeconds, problem } = registration;
  const { label, tone } = states[state];
  return (
    <Fact name={`Trunk ${trunk}`}>
      <Badge tone={tone}>{label}</Badge> with {registrar}
      {expiresInSeconds !== undefined && state === "registered" && `, for another ${expiresInSeconds} s`}
      {problem !== undefined && <span class="problem">{problem}</span>}
    </Fact>
  );
}

const prefixed = (what: string, counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).map(([reason, count]) => [`${what}: ${reason}`, count]));

function Counts({ of }: { of: Record<string, number> }) {
  const counts = Object.entries(of).sort(([, a], [, b]) => b - a);
  if (counts.length === 0) return <p class="hint">Nothing since the start.</p>;
  return (
    <dl>
      {counts.map(([reason, count]) => (
        <Fact key={reason} name={reason}>
          {count}
        </Fact>
      ))}
    </dl>
  );
}
