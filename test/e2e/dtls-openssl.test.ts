// needs: openssl
/** Our DTLS against OpenSSL's, in both roles: the same keys at both ends, and refusals where ours has to refuse. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAssociation, type DtlsEffects } from "../../src/media/dtls/association.ts";
import { dtlsIdentity, fingerprintOf } from "../../src/media/dtls/certificates.ts";
import { makeDtlsCredentials } from "../../src/media/dtls/identity.ts";
import type { Role } from "../../src/media/dtls/key-schedule.ts";
import type { SrtpKeys } from "../../src/media/messages.ts";
import type { Source } from "../../src/media/source-latch.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-dtls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const host = "127.0.0.1";

test.each([
  ["SRTP_AES128_CM_SHA1_80", 16, 14, "ec"],
  ["SRTP_AES128_CM_SHA1_32", 16, 14, "rsa"],
  ["SRTP_AEAD_AES_128_GCM", 16, 12, "ec"],
  ["SRTP_AEAD_AES_256_GCM", 32, 12, "rsa"],
] as const)("as client of OpenSSL: %s", async (profile, key, salt, kind) => {
  const { keys, exported } = await meet("client", profile, 2 * (key + salt), kind);
  expect(exported).toBe(layout(keys, key, "client"));
});

test.each([
  ["SRTP_AES128_CM_SHA1_80", 16, 14, "ec"],
  ["SRTP_AEAD_AES_256_GCM", 32, 12, "rsa"],
] as const)("as server of OpenSSL: %s", async (profile, key, salt, kind) => {
  const { keys, exported } = await meet("server", profile, 2 * (key + salt), kind);
  expect(exported).toBe(layout(keys, key, "server"));
});

test("a certificate other than the description's is refused, whatever it signs", async () => {
  const { failed } = await meet("client", "SRTP_AES128_CM_SHA1_80", 60, "ec", "another");
  expect(failed).toBe("dtls-fingerprint");
});

/** RFC 5764 §4.2, as OpenSSL prints it. */
function layout(keys: SrtpKeys | undefined, keyBytes: number, role: Role): string {
  if (keys === undefined) return "no keys";
  const [client, server] = role === "client" ? [keys.sendKey, keys.receiveKey] : [keys.receiveKey, keys.sendKey];
  const parts = [client.subarray(0, keyBytes), server.subarray(0, keyBytes)];
  const salts = [client.subarray(keyBytes), server.subarray(keyBytes)];
  return Buffer.concat([...parts, ...salts])
    .toString("hex")
    .toUpperCase();
}

type Met = { keys: SrtpKeys | undefined; failed: string | undefined; exported: string | undefined };

/** One handshake over UDP on loopback. @param expects whose fingerprint we were told. */
async function meet(role: Role, profile: string, bytes: number, kind: "ec" | "rsa", expects = "theirs"): Promise<Met> {
  const theirs = await makePem(kind);
  const other = await makeDtlsCredentials(new Date());
  const ours = dtlsIdentity(await makeDtlsCredentials(new Date()));
  const certificate = expects === "theirs" ? theirs.der : other.certificate;
  let ended: { keys?: SrtpKeys; failed?: string } = {};
  let handle = (_bytes: Uint8Array, _from: Source): void => undefined;
  const socket = await Bun.udpSocket({
    hostname: host,
    socket: {
      data: (_, data, port, address) => handle(new Uint8Array(data), { address, port }),
      error: () => undefined, // OpenSSL does not listen yet: what is lost is said again
    },
  });
  const probe = await Bun.udpSocket({ hostname: host });
  const target = { address: host, port: role === "client" ? probe.port : 0 };
  probe.close();
  const openssl = startOpenssl(role, role === "client" ? target.port : socket.port, profile, bytes, theirs);
  const party = { identity: ours, fingerprints: [fingerprintOf({ certificate })] };
  const association = createAssociation(role, party, target);
  const carryOut = (effects: DtlsEffects) => {
    for (const { bytes: datagram, to } of effects.send) socket.send(datagram, to.port, to.address);
    if (effects.keys) ended = { keys: effects.keys };
    if (effects.failed && effects.dropped) ended = { failed: effects.dropped };
  };
  handle = (datagram, from) => carryOut(association.receive(datagram, from, performance.now()));
  carryOut(association.start(performance.now()));
  for (let i = 0; i < 500 && ended.keys === undefined && ended.failed === undefined; i++) {
    await Bun.sleep(10);
    carryOut(association.tick(performance.now()));
  }
  const exported = ended.keys && (await openssl.exported());
  openssl.stop();
  socket.close();
  return { keys: ended.keys, failed: ended.failed, exported };
}

function startOpenssl(role: Role, port: number, profile: string, bytes: number, { pem }: { pem: string }) {
  const common = [
    "-dtls1_2",
    "-use_srtp",
    profile,
    "-keymatexport",
    "EXTRACTOR-dtls_srtp",
    "-keymatexportlen",
    `${bytes}`,
  ];
  const identity = ["-cert", pem, "-key", pem];
  const place =
    role === "client"
      ? ["s_server", "-accept", `${host}:${port}`, "-Verify", "1"]
      : ["s_client", "-connect", `${host}:${port}`];
  const child = Bun.spawn(["openssl", ...place, ...common, ...identity], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  let text = "";
  const reading = (async () => {
    for await (const chunk of child.stdout) text += Buffer.from(chunk).toString();
  })();
  return {
    async exported(): Promise<string | undefined> {
      const found = () => /Keying material: ([0-9A-F]+)/.exec(text)?.[1];
      for (let i = 0; i < 300 && found() === undefined; i++) await Bun.sleep(10);
      return found();
    },
    stop() {
      child.kill("SIGKILL");
      void reading;
    },
  };
}

let made = 0;

async function makePem(kind: "ec" | "rsa"): Promise<{ pem: string; der: Uint8Array }> {
  const pem = join(folder, `${kind}-${made++}.pem`);
  const key = kind === "ec" ? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["rsa:2048"];
  const args = ["req", "-x509", "-newkey", ...key, "-nodes", "-subj", "/CN=peer", "-keyout", pem, "-out", `${pem}.crt`];
  await Bun.spawn(["openssl", ...args], { stdout: "ignore", stderr: "ignore" }).exited;
  const certificate = await Bun.file(`${pem}.crt`).text();
  await Bun.write(pem, `${await Bun.file(pem).text()}${certificate}`);
  const base64 = certificate.replace(/-----[^-]+-----|\s/g, "");
  return { pem, der: new Uint8Array(Buffer.from(base64, "base64")) };
}
