/** SRTP for a switchboard under test: keys that tell by their bytes which one they are. */
import type { SrtpPolicy, SrtpPorts } from "../../src/calls/call-keys.ts";

export function srtpPorts(policy: SrtpPolicy, evenInClear = false): SrtpPorts & { readonly made: number } {
  let made = 0;
  return {
    policyOf: (trunk) => (trunk === "mandatory" ? "require" : policy),
    legsByTls: () => false,
    evenInClear,
    newKey: () => new Uint8Array(30).fill(++made),
    fingerprint: { hash: "sha256", value: new Uint8Array(32).fill(0xab) },
    newTlsId: () => "our-end-of-the-association",
    get made() {
      return made;
    },
  };
}
