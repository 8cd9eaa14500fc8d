import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { outboundSettings } from "../../src/config/transfers.ts";
import { trunkSettings } from "../../src/config/trunks.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-trunks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string, mode = 0o600) {
  const file = join(folder, "gatehouse.toml");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return trunkSettings(loadConfig({ file, set: [] }).trunks);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError && error.code === "invalid_config" ? error.message : `not expected: ${error}`;
  }
  return "nothing refused";
}

const extension = (more: string) =>
  `[[trunks]]\nname = "office"\n[trunks.register]\nregistrars = ["udp:192.0.2.1"]\nextension = "1000"\n${more}\n`;

test("A registered extension: what is left out follows from the rest; paths are relative to the file", () => {
  writeFileSync(join(folder, "secret"), "pässword\r\nnot this line\n", { mode: 0o600 });
  const { trunks, registrations } = read(extension('passwordFile = "secret"'));
  const trunk = { name: "office", peers: [], called: ["p-called-party-id", "to", "request-uri"] as const };
  expect(trunks).toMatchObject([trunk]);
  expect(registrations).toMatchObject([
    {
      trunk,
      registrars: [{ transport: "udp", host: "192.0.2.1", port: 0, tls: undefined }],
      extension: "1000",
      domain: "192.0.2.1",
      realm: "192.0.2.1",
      authId: "1000",
      password: "pässword",
      expiresSeconds: 300,
    },
  ]);
});

test("Several trunks, several registrars, each by its own way", () => {
  const { trunks, registrations } = read(`
[[trunks]]
name = "carrier"
peers = ["192.0.2.0/24"]
called = ["diversion", "request-uri"]

[[trunks]]
name = "office"
[trunks.register]
registrars = ["tls:[2001:db8::1]", "tcp:pbx.test:5070"]
extension = "1000"
authId = "x7Gh"
domain = "pbx.test"
realm = "asterisk"
password = "secret"
tls = { sha256 = "${"AB:".repeat(31)}CD" }
`);
  expect(trunks.map(({ name, called }) => [name, called[0]])).toEqual([
    ["carrier", "diversion"],
    ["office", "p-called-party-id"],
  ]);
  expect(registrations[0]?.registrars).toEqual([
    {
      transport: "tls",
      host: "2001:db8::1",
      port: 0,
      tls: { name: "pbx.test", ca: undefined, pinned: `${"ab".repeat(31)}cd` },
    },
    { transport: "tcp", host: "pbx.test", port: 5070, tls: undefined },
  ]);
  expect(registrations[0]).toMatchObject({ realm: "asterisk", authId: "x7Gh", password: "secret" });
});

test("A password that others can read is refused, wherever it stands, and never repeated", () => {
  writeFileSync(join(folder, "open"), "hunter2", { mode: 0o644 });
  writeFileSync(join(folder, "empty"), "\n", { mode: 0o600 });
  const said = [
    refusal(() => read(extension('password = "hunter2"'), 0o644)),
    refusal(() => read(extension('passwordFile = "open"'))),
    refusal(() => read(extension('passwordFile = "empty"'))),
    refusal(() => read(extension('passwordFile = "nowhere"'))),
    refusal(() =>
      loadConfig({
        file: undefined,
        set: ['trunks=[{name="a",register={password="hunter2",registrars=["udp:192.0.2.1"],extension="1"}}]'],
      }),
    ),
  ];
  expect(said.map((one) => /chmod 600|is empty|cannot be read|use passwordFile/.exec(one)?.[0])).toEqual([
    "chmod 600",
    "chmod 600",
    "is empty",
    "cannot be read",
    "use passwordFile",
  ]);
  expect(said.join("\n")).not.toContain("hunter2");
  expect(read(extension('password = "hunter2"')).registrations[0]?.password).toBe("hunter2");
});

test.each([
  ['password = "a"\npasswordFile = "b"', "trunks.0.register.passwordFile"],
  ["", "trunks.0.register.passwordFile"],
  ['password = "a"\nexpiresSeconds = 5', "expiresSeconds"],
  ['password = "a"\ntls = { sha256 = "abc" }', "sha256"],
  ['password = "a"\nrealm = "two\\nlines"', "realm"],
])("%s is refused, and %s named", (more, key) => {
  expect(refusal(() => read(extension(more)))).toContain(key);
});

test("A trunk by which nobody could call, two of one name, and no way in at all are refused", () => {
  expect(refusal(() => read('[[trunks]]\nname = "a"\n'))).toContain("trunks.0.peers");
  const twice = '[[trunks]]\nname = "a"\npeers = ["192.0.2.1"]\n';
  expect(refusal(() => read(twice + twice))).toContain("trunks: each needs a name of its own");
  expect(refusal(() => read("[sip]\npeers = []\n"))).toContain("sip.peers");
  expect(refusal(() => read('[sip]\ntransports = ["tcp"]\n'))).toContain("sip.transports");
});

test("An IP trunk that must prove itself by TLS takes nothing else, unless told so", () => {
  const trunk = (more: string) =>
    `[sip]\ntransports = ["udp", "tls"]\n[[trunks]]\nname = "office"\npeers = ["192.0.2.1"]\ntls = { sha256 = "${"AB:".repeat(31)}CD" }\n${more}`;
  const tls = { name: "", ca: undefined, pinned: `${"ab".repeat(31)}cd` };
  expect(read(trunk("")).trunks).toMatchObject([{ tls, transports: ["tls"] }]);
  expect(read(trunk('transports = ["udp", "tls"]')).trunks).toMatchObject([{ tls, transports: ["udp", "tls"] }]);
});

test("Whom we may call, by trunk: the PBX, or the registration, and who we say we are", () => {
  const outbound = (text: string) => {
    const file = join(folder, "gatehouse.toml");
    writeFileSync(file, text);
    chmodSync(file, 0o600);
    return outboundSettings(loadConfig({ file, set: [] }));
  };
  expect(outbound('[sip]\npeers = ["192.0.2.1"]')).toEqual([]);
  expect(outbound('[sip.transfer]\nextensions = ["201", "*9#"]\npbx = "udp:192.0.2.1:5070"')).toEqual([
    {
      trunk: "peers",
      extensions: ["201", "*9#"],
      identity: "gatehouse",
      pbx: { transport: "udp", host: "192.0.2.1", port: 5070 },
    },
  ]);
  const registered = `${extension('password = "x"')}[trunks.transfer]\nextensions = ["201"]\n`;
  expect(outbound(registered)).toEqual([{ trunk: "office", extensions: ["201"], identity: "1000" }]);
  expect(outbound(`${registered}identity = "reception"\npbx = "tls:pbx.office.lan"`)).toMatchObject([
    {
      identity: "reception",
      pbx: { transport: "tls", host: "pbx.office.lan", port: 0, tls: { name: "pbx.office.lan", pinned: undefined } },
    },
  ]);
  const peer = '[[trunks]]\nname = "ip"\npeers = ["192.0.2.1"]\n[trunks.transfer]\n';
  expect(refusal(() => outbound(`${peer}extensions = ["201"]`))).toContain("pbx");
  expect(refusal(() => outbound('[sip.transfer]\nextensions = ["201"]'))).toContain("pbx");
  for (const bad of ["", "201 ", "2,1", "201@x", "201;x", "a%20"]) {
    expect(refusal(() => outbound(`[sip.transfer]\nextensions = ["${bad}"]\npbx = "udp:192.0.2.1"`))).toContain(
      "extensions",
    );
  }
  const spoken = registered.replace('"1000"', '"Front desk"');
  expect(refusal(() => outbound(spoken))).toContain("identity");
});
