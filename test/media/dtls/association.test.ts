import { describe, expect, test } from "bun:test";
import type { Association, DtlsEffects } from "../../../src/media/dtls/association.ts";
import type { Source } from "../../../src/media/source-latch.ts";
import { mutatePacket } from "../../fuzz/mutate.ts";
import { seeded } from "../../sip/random.ts";
import { callerAt, callers, client, ours, server, shakeHands, strangers, weAt } from "./parties.ts";

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");

describe("a handshake", () => {
  test("gives both sides the same keys, one for each direction, with the strongest profile of both", () => {
    const { client: theirs, server: here } = shakeHands();
    expect(theirs.keys?.suite).toBe("AEAD_AES_256_GCM");
    expect(hex(theirs.keys?.sendKey)).toHaveLength(2 * (32 + 12));
    expect(hex(theirs.keys?.sendKey)).toBe(hex(here.keys?.receiveKey));
    expect(hex(theirs.keys?.receiveKey)).toBe(hex(here.keys?.sendKey));
    expect(hex(theirs.keys?.receiveKey)).not.toBe(hex(theirs.keys?.sendKey));
  });

  test("takes five flights and one that confirms, where nothing is lost", () => {
    const { client: theirs, server: here } = shakeHands();
    expect(here.atMs).toBe(50); // hello, cookie, hello, certificates, keys: five times 10 ms
    expect(theirs.atMs).toBe(60);
  });

  test.each([1, 2, 3, 4, 5])(
    "gets through a network that loses a third of it, doubles and delays some (seed %p)",
    (seed) => {
      const random = seeded(seed);
      const { client: theirs, server: here } = shakeHands({}, (bytes) =>
        random.below(3) === 0 ? [] : random.below(4) === 0 ? [bytes, bytes] : [bytes],
      );
      expect(theirs.keys).toBeDefined();
      expect(hex(theirs.keys?.sendKey)).toBe(hex(here.keys?.receiveKey));
    },
  );

  test("the last word is said again where it was lost", () => {
    let toClient = 0;
    // To the client go a cookie, the server's flight, and its last.
    const { client: theirs } = shakeHands({}, (bytes, towards) =>
      towards === "client" && ++toClient === 3 ? [] : [bytes],
    );
    expect(theirs.keys).toBeDefined();
  });

  test("into nothing is given up after 20 s, with ever fewer words", () => {
    const { client: theirs, sent } = shakeHands({}, () => [], 30_000);
    expect(theirs).toMatchObject({ failed: "dtls-timeout" });
    expect(theirs.atMs).toBeGreaterThanOrEqual(20_000);
    expect(sent).toBeLessThan(20);
  });
});

describe("who is not who the description says", () => {
  test("is refused by a server: another certificate", () => {
    const { server: here } = shakeHands({ caller: client(strangers) });
    expect(here).toMatchObject({ failed: "dtls-fingerprint" });
  });

  test("is refused by a client: another certificate", () => {
    const { client: theirs } = shakeHands({ us: server(strangers) });
    expect(theirs).toMatchObject({ failed: "dtls-fingerprint" });
  });

  /** A certificate is no secret: everybody has seen it who has ever called. */
  const copied = (of: typeof ours) => ({
    ...of,
    identity: { certificate: of.identity.certificate, privateKey: strangers.identity.privateKey },
  });

  test("is refused by a server: the right certificate without its key", () => {
    const { server: here } = shakeHands({ caller: client(copied(callers)) });
    expect(here).toMatchObject({ failed: "dtls-signature" });
  });

  test("is refused by a client: the right certificate without its key", () => {
    const { client: theirs } = shakeHands({ us: server(copied(ours)) });
    expect(theirs).toMatchObject({ failed: "dtls-signature" });
  });

  test("and whoever changes a byte on the way keeps them apart or changes nothing", () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seeded(seed);
      let left = 1;
      const { client: theirs, server: here } = shakeHands(
        {},
        (bytes) => {
          if (left === 0 || random.below(5) !== 0) return [bytes];
          left--;
          const changed = bytes.slice();
          const at = random.below(changed.length);
          changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
          return [changed];
        },
        25_000,
      );
      if (theirs.keys && here.keys) expect(hex(theirs.keys.sendKey)).toBe(hex(here.keys.receiveKey));
    }
  });
});

describe("a stranger", () => {
  const hello = () => client(strangers).start(0).send[0]?.bytes ?? new Uint8Array(0);

  test("without a cookie gets less than he sent, fifty times a second at most, and leaves nothing behind", () => {
    const us = server();
    const answers = Array.from({ length: 1000 }, (_, i) => {
      const bytes = hello();
      const effects = us.receive(bytes, { address: "203.0.113.7", port: 1000 + i }, 500 + i / 2);
      for (const { bytes: answer } of effects.send) expect(answer.length).toBeLessThan(bytes.length);
      return effects;
    });
    expect(answers.filter(({ send }) => send.length > 0)).toHaveLength(50);
    expect(answers.filter(({ dropped }) => dropped === "dtls-flood")).toHaveLength(950);
    expect(us.tick(60_000).send).toEqual([]);
    expect(shakeHands({ us }).server.keys).toBeDefined(); // the caller, who says it again, gets through
  });

  test("cannot use a cookie that was meant for another address", () => {
    const us = server();
    const caller = client();
    const [first] = caller.start(0).send;
    const [verify] = us.receive(first?.bytes ?? new Uint8Array(0), callerAt, 0).send;
    const [second] = caller.receive(verify?.bytes ?? new Uint8Array(0), weAt, 0).send;
    const elsewhere = us.receive(second?.bytes ?? new Uint8Array(0), { ...callerAt, port: 1 }, 0);
    expect(elsewhere.send).toHaveLength(1); // another cookie, and no handshake
    expect(us.tick(60_000).send).toEqual([]);
    expect(us.receive(second?.bytes ?? new Uint8Array(0), callerAt, 0).send.length).toBeGreaterThan(0);
  });

  test("cannot begin anew what is agreed: no renegotiation, no second hello, no alert in the clear", () => {
    const us = server();
    expect(shakeHands({ us }).server.keys).toBeDefined();
    expect(us.receive(hello(), callerAt, 1000)).toMatchObject({ send: [], dropped: "dtls-stray" });
    const alert = Uint8Array.of(21, 254, 253, 0, 0, 0, 0, 0, 0, 9, 9, 0, 2, 2, 40);
    expect(us.receive(alert, callerAt, 1000)).toMatchObject({ send: [], dropped: "dtls-alert" });
  });

  /** Everything that he can say, from an address that is not the description's. */
  const meddle = (us: Association, from: Source, nowMs: number, own = strangers): DtlsEffects => {
    const meddler = client(own);
    let last: DtlsEffects = { send: [] };
    let said = meddler.start(nowMs).send;
    for (let turn = 0; turn < 4 && said.length > 0; turn++) {
      const heard = said.map(({ bytes }) => us.receive(bytes, from, nowMs));
      last = heard.at(-1) ?? last;
      said = heard.flatMap(({ send }) => send).flatMap(({ bytes }) => meddler.receive(bytes, weAt, nowMs).send);
    }
    return last;
  };
  const elsewhere: Source = { address: "203.0.113.7", port: 1000 };

  test("with a certificate of his own spoils nothing, however often: the caller who comes later gets through", () => {
    const us = server();
    for (let n = 0; n < 20; n++) {
      const effects = meddle(us, { ...elsewhere, port: 1000 + n }, n);
      expect(effects.failed).toBeUndefined();
      expect(effects.keys).toBeUndefined();
    }
    expect(shakeHands({ us }).server.keys).toBeDefined();
  });

  test("who falls silent in the middle of it ends nothing, and does not push out the caller who is about it", () => {
    const us = server();
    const caller = client();
    let said = caller.start(0).send;
    const answers = said.map(({ bytes }) => us.receive(bytes, callerAt, 0)).flatMap(({ send }) => send);
    said = answers.flatMap(({ bytes }) => caller.receive(bytes, weAt, 0).send);
    const flight = said.map(({ bytes }) => us.receive(bytes, callerAt, 0)).flatMap(({ send }) => send);
    expect(meddle(us, elsewhere, 1)).toMatchObject({ dropped: "dtls-source" });
    said = flight.flatMap(({ bytes }) => caller.receive(bytes, weAt, 2).send);
    expect(said.map(({ bytes }) => us.receive(bytes, callerAt, 2)).some(({ keys }) => keys !== undefined)).toBe(true);

    const alone = server();
    const silent = client(strangers);
    const [verify] = alone.receive(silent.start(0).send[0]?.bytes ?? new Uint8Array(0), elsewhere, 0).send;
    const [second] = silent.receive(verify?.bytes ?? new Uint8Array(0), weAt, 0).send;
    expect(alone.receive(second?.bytes ?? new Uint8Array(0), elsewhere, 0).send.length).toBeGreaterThan(0);
    for (let nowMs = 0; nowMs < 60_000; nowMs += 500) expect(alone.tick(nowMs).failed).toBeUndefined();
    expect(shakeHands({ us: alone }).server.keys).toBeDefined();
  });

  test("who has the right certificate behind an address of a NAT's is the caller", () => {
    const effects = meddle(server(), elsewhere, 1, callers);
    expect(effects.keys).toBeDefined();
  });

  test("cannot end a handshake by an alert in the clear", () => {
    const alert = Uint8Array.of(21, 254, 253, 0, 0, 0, 0, 0, 0, 9, 9, 0, 2, 2, 40);
    const { client: theirs, server: here } = shakeHands({}, (bytes) => [alert, bytes, alert]);
    expect(theirs.keys).toBeDefined();
    expect(here.keys).toBeDefined();
  });
});

test("20,000 mutations of real handshakes throw nothing and never make keys that only one side has", () => {
  const random = seeded(20_261_121);
  const seeds: Uint8Array[] = [];
  shakeHands({}, (bytes) => {
    seeds.push(bytes);
    return [bytes];
  });
  let inputs = 0;
  while (inputs < 20_000) {
    const [caller, us] = [client(), server()];
    const outcome = shakeHands(
      { caller, us },
      (bytes, towards, atMs) => {
        seeds[random.below(seeds.length)] = bytes;
        for (let i = 0; i < 20; i++) {
          inputs++;
          const bad = mutatePacket(seeds, random);
          if (seeds.some((seed) => Buffer.compare(seed, bad) === 0)) continue;
          if (towards === "server") us.receive(bad, { address: "198.51.100.9", port: 9 }, atMs);
          else caller.receive(bad, { address: "198.51.100.9", port: 9 }, atMs);
          const near = towards === "server" ? us : caller;
          if (random.below(4) === 0) near.receive(bad, towards === "server" ? callerAt : weAt, atMs);
        }
        return [bytes];
      },
      2000,
    );
    const { client: theirs, server: here } = outcome;
    if (theirs.keys && here.keys) expect(hex(theirs.keys.sendKey)).toBe(hex(here.keys.receiveKey));
  }
});
