/** Our registration with a registrar that lies: every answer that REGISTER can get, mutated, in any order. */
import { createHash } from "node:crypto";
import type { Endpoint } from "../../../src/sip/endpoint.ts";
import { header, type SipRequest } from "../../../src/sip/message/message.ts";
import { parseMessage } from "../../../src/sip/message/parse.ts";
import type { RegistrationSettings } from "../../../src/sip/ports.ts";
import { createRegistrations } from "../../../src/sip/registration/registrations.ts";
import { createSignalling } from "../../../src/sip/signalling.ts";
import { createTimers } from "../../../src/sip/timers.ts";
import { createTrunks } from "../../../src/sip/trunks.ts";
import { usualLimits } from "../../../src/sip/user-agent.ts";
import { createClock } from "../../sip/clock.ts";
import type { Random } from "../../sip/random.ts";
import { mutateBytes, mutateLines } from "../mutate.ts";
import { rule, type Target } from "../target.ts";
import { createIdentities } from "./identities.ts";

const trunk = { name: "office", peers: [], called: ["to"] } as const;
const registrar = (host: string, transport: "udp" | "tcp") => ({ transport, host, port: 5060, tls: undefined });
const password = "never-on-the-wire";
const settings: RegistrationSettings = {
  trunk,
  registrars: [registrar("192.0.2.1", "udp"), registrar("192.0.2.2", "tcp"), registrar("192.0.2.66", "tcp")],
  extension: "1000",
  domain: "pbx.test",
  realm: "pbx.test",
  authId: "auth-7",
  password,
  expiresSeconds: 300,
};
/** In answer to one answer, without any time passing: a challenge, one with a fresh nonce, an interval too brief. */
const mostAtOnce = 8;

export const registration: Target = {
  name: "registration",
  inputs: 300,
  open() {
    const clock = createClock();
    const identities = createIdentities(clock.now);
    const trunks = createTrunks([trunk]);
    const failures: unknown[] = [];
    let asked: { message: SipRequest; to: Endpoint }[] = [];
    let sinceTime = 0;
    let connection = 0;
    const hungUp = new Set<number>();

    const signalling = createSignalling({
      send(bytes, to) {
        const parsed = parseMessage(bytes);
        rule(parsed.ok && parsed.message.kind === "request", "we send what is no request that we can read");
        if (!parsed.ok || parsed.message.kind !== "request") return;
        checkRegister(parsed.message, bytes);
        asked = [...asked.slice(-4), { message: parsed.message, to }];
        sinceTime += 1;
        rule(sinceTime <= mostAtOnce, "a registrar is asked again and again without a pause");
      },
      schedule: clock.schedule,
      randomId: identities.next,
      trunkOf: trunks.of,
      localEndpoint: local,
      userAgentHeader: undefined,
      minSessionSeconds: 90,
      limits: usualLimits,
      nowMs: clock.now,
      trace: () => undefined,
      finished: () => undefined,
      admit: () => ({ ok: true }),
      onInvite: () => ({ acknowledged: () => undefined, reoffered: () => undefined, ended: () => undefined }),
      failed: (error) => void failures.push(error),
    });
    const timers = createTimers(clock.schedule);
    const registrations = createRegistrations([settings], {
      async openFlow({ transport, host, port }) {
        if (host === "192.0.2.66") throw new Error("no route");
        if (transport === "udp") return { address: host, port };
        connection += 1;
        return { address: host, port, transport, connection };
      },
      avoid: () => undefined,
      hangUp: (gone) => void hungUp.add(gone),
      localEndpoint: local,
      register: signalling.register,
      trust: trunks.trust,
      distrust: trunks.distrust,
      timers,
      nowMs: clock.now,
      random: () => 0.5,
      randomId: identities.next,
      userAgent: undefined,
      changed: () => undefined,
    });
    registrations.start();

    function check(): void {
      if (failures.length > 0) throw failures[0];
      const { transactions, timers: theirs } = signalling.status();
      rule(transactions <= 40, "REGISTERs pile up");
      rule(theirs <= 3 * transactions && timers.running() <= 4, "timers pile up");
      rule(connection - hungUp.size <= 5, "connections pile up");
      for (const { problem = "" } of registrations.status())
        rule(problem.length < 1_000, "a problem is told at length");
    }

    return {
      next: (random) =>
        random.below(4) === 0
          ? { kind: "time", ms: random.pick([500, 1_000, 8_000, 40_000, 300_000]) }
          : {
              kind: "input",
              bytes: hostileAnswer(asked[random.below(Math.max(1, asked.length))]?.message, random),
              from: 0,
            },
      async feed(step) {
        await settled();
        if (step.kind === "input") {
          identities.begin(step.bytes);
          const to = asked.at(-1)?.to ?? { address: "192.0.2.1", port: 5060 };
          signalling.receive(step.bytes, to);
        } else {
          for (let ms = 0; ms < step.ms; ms += 500) {
            sinceTime = 0;
            clock.advance(500);
            await settled();
          }
        }
        check();
      },
      async settle() {
        sinceTime = 0;
        const left = registrations.leave();
        for (let n = 0; n < 100; n += 1) {
          sinceTime = 0;
          clock.advance(1_000);
          await settled();
        }
        await left;
        registrations.stop();
        check();
        const { transactions, timers: theirs } = signalling.status();
        rule(transactions + theirs + timers.running() + clock.waiting() === 0, "something is left after leaving");
        signalling.stop();
      },
    };
  },
};

function local({ transport, connection }: Endpoint): Endpoint {
  if (transport === undefined) return { address: "192.0.2.9", port: 5060 };
  return { address: "192.0.2.9", port: 40_000 + (connection ?? 0), transport };
}

const secrets = [password, createHash("md5").update(`auth-7:pbx.test:${password}`).digest("hex")];

/** RFC 3261 §22.4: the digest answers for one realm, ours; neither the password nor what stands for it is in it. */
function checkRegister(message: SipRequest, bytes: Uint8Array): void {
  rule(message.method === "REGISTER", `we send ${message.method}`);
  const text = Buffer.from(bytes).toString("latin1");
  for (const secret of secrets) rule(!text.includes(secret), "a secret is on the wire");
  const credentials = header(message, "authorization") ?? header(message, "proxy-authorization");
  rule(credentials === undefined || / realm="pbx\.test"/.test(credentials), "credentials for another realm");
}

const challenges = [
  'Digest realm="pbx.test", nonce="n1", qop="auth"',
  'Digest realm="pbx.test", nonce="n2", algorithm=SHA-256, qop="auth,auth-int", stale=true, opaque="o\\"p"',
  'Digest realm="evil.test", nonce="n3"',
  'Digest realm="pbx.test", nonce="n4", algorithm=MD5-sess',
  'Basic realm="pbx.test"',
];
const statuses = [200, 200, 100, 401, 401, 407, 423, 403, 404, 480, 500, 503, 302, 603];

function hostileAnswer(message: SipRequest | undefined, random: Random): Uint8Array {
  const copied = (message?.headers ?? []).filter(({ name }) => ["via", "from", "to", "call-id", "cseq"].includes(name));
  const status = random.pick(statuses);
  const headers = [
    ...copied.map(({ name, value }) => `${name}: ${value}`),
    `${status === 407 ? "Proxy" : "WWW"}-Authenticate: ${random.pick(challenges)}`,
    `Min-Expires: ${random.pick(["301", "302", "90000", "4294967295", "-1", `${300 + random.below(86_000)}`])}`,
    `Retry-After: ${random.pick(["1", "0", "4294967295", "18 (soon);duration=3600"])}`,
    `Contact: <sip:1000@192.0.2.9:5060>;expires=${random.pick(["0", "1", "60", "300", "4294967295", "x"])}`,
    `Expires: ${random.pick(["0", "60", "86400", "99999999999"])}`,
  ];
  const answer = Buffer.from(`SIP/2.0 ${status} Any\r\n${headers.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`, "latin1");
  if (random.below(3) > 0) return answer;
  return random.below(2) === 0 ? mutateBytes([answer], random) : mutateLines([answer], random);
}

/** Every promise that can settle without the world has done so. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
}
