import { expect, test } from "bun:test";
import { type Association, createAssociation, type DtlsEffects } from "../../../src/media/dtls/association.ts";
import { dtlsIdentity, fingerprintOf } from "../../../src/media/dtls/certificates.ts";
import { makeDtlsCredentials } from "../../../src/media/dtls/identity.ts";
import type { Source } from "../../../src/media/source-latch.ts";

const caller: Source = { address: "192.0.2.1", port: 40_000 };
const us: Source = { address: "192.0.2.2", port: 50_000 };
const [a, b, stranger] = await Promise.all([1, 2, 3].map(() => makeDtlsCredentials(new Date())));
if (!a || !b || !stranger) throw new Error("unreachable");
const party = (own: typeof a, other: typeof a) => ({
  identity: dtlsIdentity(own),
  fingerprints: [fingerprintOf(other)],
});

test("both sides come to the same keys", () => {
  const client = createAssociation("client", party(a, b), us);
  const server = createAssociation("server", party(b, a), caller);
  const ends = shake(client, server);
  expect(ends.client.keys?.suite).toBe("AEAD_AES_256_GCM");
  expect(ends.client.keys?.sendKey).toEqual(ends.server.keys?.receiveKey);
});

function shake(client: Association, server: Association) {
  const ends: { client: DtlsEffects; server: DtlsEffects } = { client: client.start(0), server: { send: [] } };
  let toServer = ends.client.send;
  for (let round = 0; round < 10 && toServer.length > 0; round++) {
    const toClient: DtlsEffects["send"] = [];
    for (const { bytes } of toServer) {
      const effects = server.receive(bytes, caller, 0);
      ends.server = { ...ends.server, ...effects };
      toClient.push(...effects.send);
    }
    toServer = [];
    for (const { bytes } of toClient) {
      const effects = client.receive(bytes, us, 0);
      ends.client = { ...ends.client, ...effects };
      toServer.push(...effects.send);
    }
  }
  return ends;
}
