import { expect, test } from "bun:test";
import { createSignalling } from "../../src/sip/signalling.ts";
import { redactMessage } from "../../src/sip/trace/redact.ts";
import { mutateBytes } from "../fuzz/mutate.ts";
import { offer, ourSdp, request } from "./bench.ts";
import { createClock } from "./clock.ts";
import { inviteFixture, sharedFolder, tortureFixtures } from "./fixtures.ts";
import { seeded } from "./random.ts";

const inputs = 20_000;

test(`${inputs} mutated datagrams: none throws, and nothing of them remains`, () => {
  const random = seeded(4_475);
  const clock = createClock();
  const failures: unknown[] = [];
  /** Requests that we sent. */
  const ours: string[] = [];
  let responses = 0;
  let calls = 0;
  let dialog: { toTag: string; callId: string } | undefined;
  const signalling = createSignalling({
    send: (bytes) => {
      responses += 1;
      const text = Buffer.from(bytes).toString("latin1");
      if (!text.startsWith("SIP/2.0 ")) ours.push(text);
      const toTag = /^To:.*;tag=([0-9a-f]{16})/m.exec(text)?.[1];
      const callId = /^Call-ID: (fresh-[0-9]+)\r$/m.exec(text)?.[1];
      if (toTag !== undefined && callId !== undefined) dialog = { toTag, callId };
    },
    schedule: clock.schedule,
    randomId: () => crypto.randomUUID(),
    trunkOf: () => ({ name: "pbx", peers: [], called: ["request-uri"] }),
    localEndpoint: () => ({ address: "192.0.2.9", port: 5060 }),
    userAgentHeader: "fuzz",
    minSessionSeconds: 90,
    limits: { invitesPerSecond: 1e9, othersPerSecond: 1e9, earlyDialogs: 1e9 },
    nowMs: clock.now,
    trace: (_direction, bytes) => void redactMessage(bytes),
    finished: () => undefined,
    admit: () => ({ ok: true }),
    onInvite: (call) => {
      calls += 1;
      const fate = random.below(4);
      if (fate === 0) call.answer(ourSdp);
      if (fate === 1) call.ring();
      if (fate === 2) call.reject(486, "Busy Here");
      return { acknowledged: () => undefined, reoffered: () => ourSdp, ended: () => undefined };
    },
    failed: (error) => failures.push(error),
  });
  const seeds = [
    inviteFixture(),
    ...tortureFixtures().map(({ datagram }) => datagram),
    ...["INVITE", "ACK", "BYE", "CANCEL", "UPDATE", "INFO", "REFER"].map((method) =>
      Buffer.from(request({ method, body: offer, branch: "z9hG4bK-f", headers: ["Record-Route: <sip:192.0.2.2;lr>"] })),
    ),
    ...sharedFolder("rfc4475").values(),
    ...sharedFolder("fuzz/sip").values(),
    ...sharedFolder("fuzz/sip-dialog").values(),
  ];
  const timers = ["Supported: timer", "Session-Expires: 90;refresher=uas", "Allow: INVITE, UPDATE"];
  const fresh = (n: number) =>
    request({ callId: `fresh-${n}`, body: offer, headers: timers.slice(0, random.below(timers.length + 1)) });
  /** A request within the last dialog that is known. */
  const within = (n: number) => {
    const method = random.pick(["ACK", "BYE", "INVITE", "UPDATE", "INFO", "OPTIONS", "REFER", "CANCEL"]);
    return request({
      method,
      ...dialog,
      cseq: method === "ACK" ? 1 : n + 2,
      body: random.below(2) === 0 ? offer : undefined,
    });
  };
  const source = { address: "192.0.2.1", port: 5060 };
  for (let n = 0; n < inputs; n += 1) {
    const living = Buffer.from(n % 4 === 0 ? fresh(n) : within(n));
    signalling.receive(mutateBytes(n % 2 === 0 ? [living] : seeds, random), source);
    if (n % 50 === 0) clock.advance(1_000);
  }
  clock.advance(600_000);
  signalling.hangUpAll(); // calls that were acknowledged and never hung up
  clock.advance(60_000);
  expect(failures).toEqual([]);
  expect(signalling.status()).toMatchObject({ timers: 0, transactions: 0, dialogs: 0 });
  expect(signalling.status().dropped["internal-error"]).toBeUndefined();
  // Nothing that is received makes us begin a dialog: each request of ours is for one that the peer has tagged.
  expect(ours.filter((text) => /^(INVITE|UPDATE) /.test(text)).length).toBeGreaterThan(20);
  for (const text of ours) expect(text).toMatch(/^(ACK|BYE|INVITE|UPDATE) /);
  for (const text of ours) if (text.startsWith("INVITE ")) expect(text).toMatch(/^To: [^\r]*;[ \t]*tag=/im);
  // The mutations are no noise: many are still requests, some still calls.
  expect(responses).toBeGreaterThan(inputs / 20);
  expect(calls).toBeGreaterThan(500);
});
