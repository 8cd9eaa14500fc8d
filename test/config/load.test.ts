import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { embeddedText } from "../../src/embedded/files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const set = (...assignments: string[]) => loadConfig({ file: undefined, set: assignments });
function inFile(text: string | Uint8Array) {
  const file = join(folder, "gatehouse.toml");
  writeFileSync(file, text);
  return loadConfig({ file, set: [] });
}
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError && error.code === "invalid_config" ? error.message : `not expected: ${error}`;
  }
  return "nothing refused";
}

test("the commented example says the defaults", () => {
  expect(inFile(embeddedText("config/gatehouse.toml"))).toEqual(set());
});

test.each([
  ["web.port=80000", "web.port"],
  ['web.port="8443"', "web.port"],
  ["sip.port=5060.5", "sip.port"],
  ["sip=5", "sip"],
  ["sip.peers=[]", "sip.peers"],
  ['people=[{name="Beth",extension="201"}]', "people"],
  ['people=[{name="Beth",extension="sip:201"}]', "people.0.extension"],
  ["sip.peers=10.0.0.5", "sip.peers"],
  ['sip.peers=["10.0.0.0/33"]', "sip.peers.0"],
  ["web.address=localhost", "web.address"],
  ["media.address=0.0.0.0", "media.address"],
  ['media.address="::"', "media.address"],
  ['media.address="0:0::0"', "media.address"],
  ["media.rtpPorts={from=0,to=99}", "media.rtpPorts.from"],
  ["media.rtpPorts={from=20000,to=20000}", "media.rtpPorts"],
  ["media.rtpPorts={from=20000,to=20018}", "media.rtpPorts"],
  ["media.rtpPorts={from=20001,to=20020}", "media.rtpPorts"],
  ['storage.data=""', "storage.data"],
  ['agency.seed=""', "agency.seed"],
  ['sip.transports=["tls"]', "sip.transports"],
  ['sip.tls={certFile="a"}', "sip.tls"],
  ['sip.tlsException={name="old",until="soon",ciphers=["AES128-SHA"]}', "sip.tlsException.until"],
  ['sip.tlsException={name="old",until="2027-03-31",ciphers=["RC4-MD5"]}', "sip.tlsException.ciphers"],
  [
    'sip.tlsException={name="old",until="2027-03-31",minVersion="TLSv1.1",ciphers=["AES128-GCM-SHA256"]}',
    "sip.tlsException.ciphers",
  ],
  ['trunks=[{name="office",peers=["192.0.2.1"],tls={caFile="ca.pem"}}]', "sip.transports"],
  ['trunks=[{name="office",peers=["192.0.2.1"],tls={}}]', "trunks.0.tls"],
  ["nonsense.key=1", "(top level)"],
  ["__proto__.polluted=1", "__proto__"],
  ["sip.__proto__.polluted=1", "__proto__"],
  ["sip.port.deeper=1", "port"],
])("%s is refused, and %s named", (assignment, key) => {
  const first = assignment.startsWith("sip.port.deeper") ? ["sip.port=5060"] : [];
  expect(refusal(() => set(...first, assignment))).toContain(key);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

test("a pair of ports for each call is enough", () => {
  expect(set("media.rtpPorts={from=20000,to=20019}").media.rtpPorts).toEqual({ from: 20_000, to: 20_019 });
  expect(set("sip.maxCalls=1", "media.rtpPorts={from=20001,to=20003}").sip.maxCalls).toBe(1);
});

test("a byte order mark and the line ends of Windows are no fault", () => {
  expect(inFile("\uFEFF[sip]\r\nport = 5080\r\n").sip.port).toBe(5080);
});

test("what is no TOML, or no file, is said", () => {
  expect(refusal(() => inFile("sip = ["))).toContain("not valid TOML");
  expect(refusal(() => loadConfig({ file: folder, set: [] }))).toContain(folder);
  expect(refusal(() => loadConfig({ file: join(folder, "none.toml"), set: [] }))).toContain("no such file");
});
