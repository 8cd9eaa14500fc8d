import { expect, test } from "bun:test";
import { type Endpoint, hostPort } from "../../../src/sip/endpoint.ts";
import { header, type SipMessage } from "../../../src/sip/message/message.ts";
import { parseMessage } from "../../../src/sip/message/parse.ts";
import type { Registrar, RegistrationSettings, RegistrationStatus, TrunkSettings } from "../../../src/sip/ports.ts";
import { createRegistrations } from "../../../src/sip/registration/registrations.ts";
import { createTimers } from "../../../src/sip/timers.ts";
import type { ClientRequest } from "../../../src/sip/transaction/client-transactions.ts";
import { createClock } from "../clock.ts";

const trunk: TrunkSettings = { name: "office", peers: [], called: ["to"] };
const registrar = (host: string, transport: Registrar["transport"] = "udp"): Registrar => ({
  transport,
  host,
  port: 5060,
  tls: undefined,
});
const settings = (...registrars: [Registrar, ...Registrar[]]): RegistrationSettings => ({
  trunk,
  registrars,
  extension: "1000",
  domain: "pbx.test",
  realm: "pbx.test",
  authId: "auth-7",
  password: "pässword",
  expiresSeconds: 300,
});

type Sent = Omit<ClientRequest, "method"> & { message: SipMessage };

function bench(one: RegistrationSettings) {
  const clock = createClock();
  const sent: Sent[] = [];
  const changes: RegistrationStatus[] = [];
  const [trusted, avoided, hungUp]: [Endpoint[], Endpoint[], number[]] = [[], [], []];
  let [serial, connection] = [0, 0];
  const registrations = createRegistrations([one], {
    async openFlow({ transport, host, port }) {
      if (host === "192.0.2.66") throw new Error("no route");
      if (transport === "udp") return { address: host, port };
      connection += 1;
      return { address: host, port, transport, connection };
    },
    avoid: (flow) => void avoided.push(flow),
    hangUp: (gone) => void hungUp.push(gone),
    localEndpoint: ({ transport, connection: by }) =>
      transport === undefined
        ? { address: "192.0.2.9", port: 5060 }
        : { address: "192.0.2.9", port: 40_000 + (by ?? 0), transport },
    register(request) {
      const parsed = parseMessage(request.bytes);
      if (!parsed.ok) throw new Error(`we sent what we cannot read: ${parsed.fault}`);
      sent.push({ ...request, message: parsed.message });
    },
    trust: (flow) => void trusted.push(flow),
    distrust: () => undefined,
    timers: createTimers(clock.schedule),
    nowMs: clock.now,
    random: () => 1,
    randomId: () => `${(++serial).toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`,
    userAgent: undefined,
    changed: (status) => changes.push(status),
  });
  /** The registrar's answer to that request, or to the latest. */
  function answer(status: number, headers: readonly string[] = [], to = sent.at(-1)): void {
    const copied = to?.message.headers.filter(({ name }) => ["via", "from", "to", "call-id", "cseq"].includes(name));
    const lines = [...(copied ?? []).map(({ name, value }) => `${name}: ${value}`), ...headers];
    const parsed = parseMessage(Buffer.from(`SIP/2.0 ${status} Any\r\n${lines.join("\r\n")}\r\n\r\n`));
    if (!parsed.ok || parsed.message.kind !== "response") throw new Error("no response");
    to?.finished(parsed.message);
  }
  const last = (name: string) => {
    const message = sent.at(-1)?.message;
    return message && header(message, name);
  };
  return { clock, sent, changes, trusted, avoided, hungUp, registrations, answer, last };
}

/** The way to the registrar opens in a microtask or two. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const challenge = 'WWW-Authenticate: Digest realm="pbx.test", nonce="n1", qop="auth", algorithm=SHA-256';

test("REGISTER says who and where we are; its answer's own binding says for how long", async () => {
  const { sent, registrations, answer, last, trusted, changes } = bench(settings(registrar("192.0.2.1")));
  registrations.start();
  await settled();
  expect(Buffer.from(sent[0]?.bytes ?? "").toString()).toStartWith(
    "REGISTER sip:pbx.test SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;",
  );
  expect(last("to")).toBe("<sip:1000@pbx.test>");
  expect(last("contact")).toBe("<sip:1000@192.0.2.9:5060>");
  expect(last("authorization")).toBeUndefined();
  expect(trusted).toEqual([{ address: "192.0.2.1", port: 5060 }]);
  answer(401, [challenge]);
  expect(last("authorization")).toStartWith(
    'Digest username="auth-7", realm="pbx.test", nonce="n1", uri="sip:pbx.test", ',
  );
  expect(last("cseq")).toBe("2 REGISTER");
  answer(200, ["Contact: <sip:1000@192.0.2.7:5060>;expires=9, <sip:1000@192.0.2.9:5060>;expires=120", "Expires: 7"]);
  expect(registrations.status()).toEqual([
    {
      trunk: "office",
      state: "registered",
      registrar: "udp 192.0.2.1:5060",
      expiresInSeconds: 120,
      problem: undefined,
    },
  ]);
  expect(changes.map(({ state }) => state)).toEqual(["registered"]);
});

test("Refreshed after 40 s with the same nonce; the news is told once", async () => {
  const { clock, sent, registrations, answer, last, changes } = bench(settings(registrar("192.0.2.1")));
  registrations.start();
  await settled();
  answer(401, [challenge]);
  answer(200, ["Expires: 300"]);
  clock.advance(39_999);
  expect(sent).toHaveLength(2);
  clock.advance(1);
  expect(last("authorization")).toContain("nc=00000002");
  expect(registrations.status()[0]).toMatchObject({ state: "registered", expiresInSeconds: 260 });
  answer(200);
  expect(changes).toHaveLength(1);
});

test("An answer that comes after its attempt was given up is no news", async () => {
  const { clock, sent, registrations, answer } = bench(settings(registrar("192.0.2.1"), registrar("192.0.2.2")));
  registrations.start();
  await settled();
  clock.advance(8_000);
  await settled();
  expect(sent.map(({ to }) => hostPort(to))).toEqual(["192.0.2.1:5060", "192.0.2.2:5060"]);
  answer(200, [], sent[0]);
  expect(registrations.status()[0]).toMatchObject({ state: "trying", registrar: "udp 192.0.2.2:5060" });
  answer(200);
  expect(registrations.status()[0]).toMatchObject({ state: "registered", registrar: "udp 192.0.2.2:5060" });
});

test("A way that cannot be opened is said, and tried again after 1, 2, 4 s", async () => {
  const { clock, registrations, changes } = bench(settings(registrar("192.0.2.66")));
  registrations.start();
  await settled();
  expect(registrations.status()[0]).toMatchObject({
    state: "waiting",
    problem: "it cannot be reached: is the address right, and does it listen there?",
  });
  for (const pauseMs of [1_000, 2_000, 4_000]) {
    expect(clock.waiting()).toBe(1);
    clock.advance(pauseMs);
    await settled();
  }
  expect(changes).toHaveLength(1);
});

test("Over a connection, Contact is our end of it; when it breaks, a new one registers at once", async () => {
  const { sent, registrations, answer, last } = bench(settings(registrar("192.0.2.1", "tcp")));
  registrations.start();
  await settled();
  expect(last("via")).toStartWith("SIP/2.0/TCP 192.0.2.9:40001;");
  expect(last("contact")).toBe("<sip:1000@192.0.2.9:40001;transport=tcp>");
  answer(200);
  registrations.lost(1);
  await settled();
  expect(last("contact")).toBe("<sip:1000@192.0.2.9:40002;transport=tcp>");
  expect(sent.at(-1)?.to.connection).toBe(2);
  registrations.lost(1); // an old one's end is no news
  expect(sent).toHaveLength(2);
});

test("Another realm than the configured one is told by name, and learns nothing", async () => {
  const { sent, registrations, answer } = bench(settings(registrar("192.0.2.1")));
  registrations.start();
  await settled();
  answer(401, ['WWW-Authenticate: Digest realm="asterisk", nonce="x"']);
  expect(sent).toHaveLength(1);
  expect(registrations.status()[0]?.problem).toContain('realm "asterisk"');
});

test("Leaving withdraws the binding, and is over with its answer or after 2 s; no timer is left", async () => {
  for (const answered of [true, false]) {
    const { clock, registrations, answer, last } = bench(settings(registrar("192.0.2.1")));
    registrations.start();
    await settled();
    answer(200);
    const left = registrations.leave();
    expect(last("expires")).toBe("0");
    if (answered) answer(200);
    else clock.advance(2_000);
    await left;
    expect(registrations.status()[0]?.state).toBe("off");
    expect(clock.waiting()).toBe(0);
    await registrations.leave();
  }
});

test("A way that brings no answer, or a 503, is avoided; a refusal is the registrar's word and no reason for another way", async () => {
  const silent = bench(settings(registrar("192.0.2.1")));
  silent.registrations.start();
  await settled();
  silent.clock.advance(8_000);
  expect(silent.avoided).toEqual([{ address: "192.0.2.1", port: 5060 }]);

  for (const [status, times] of [
    [503, 1],
    [500, 0],
    [403, 0],
  ] as const) {
    const { registrations, answer, avoided } = bench(settings(registrar("192.0.2.1")));
    registrations.start();
    await settled();
    answer(status);
    expect(avoided).toHaveLength(times);
  }

  const broken = bench(settings(registrar("192.0.2.1", "tcp")));
  broken.registrations.start();
  await settled();
  broken.registrations.lost(1);
  expect(broken.avoided).toHaveLength(1);
});
