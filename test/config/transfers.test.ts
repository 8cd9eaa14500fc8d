import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config/load.ts";
import { legsByTls, transfersOf } from "../../src/config/transfers.ts";

const load = (...set: string[]) => loadConfig({ file: undefined, set });
const people = 'people=[{name="Beth",extension="201",roles=["reception"]},{name="Priya",extension="202"}]';
const peers = 'sip.transfer={extensions=["201","202"],pbx="udp:192.0.2.1:5060"}';
const office =
  'trunks=[{name="office",peers=["192.0.2.7"],transfer={extensions=["202"],pbx="udp:192.0.2.7",blindTransfer=true}}]';

test("who can be had depends on the trunk that the call came by, and so does how", () => {
  const config = load(people, peers, office);
  const names = (trunk: string | undefined) => transfersOf(config, trunk)?.people.map(({ name }) => name);
  expect(names("peers")).toEqual(["Beth", "Priya"]);
  expect(names(undefined)).toEqual(["Beth", "Priya"]);
  expect(names("office")).toEqual(["Priya"]);
  expect(transfersOf(config, "peers")?.mode).toBe("consult");
  expect(transfersOf(config, "office")?.mode).toBe("blind");
});

test("by a trunk without a table nobody can be had", () => {
  const config = load(peers, 'trunks=[{name="office",peers=["192.0.2.7"]}]', people);
  expect(transfersOf(config, "office")).toBeUndefined();
  expect(transfersOf(config, "no such trunk")).toBeUndefined();
});

test("a person whom no trunk may call is a mistake, and is named", () => {
  const wrong = () => load(peers, 'people=[{name="Gordon",extension="203"}]');
  expect(wrong).toThrow(/"Gordon".*203/);
  expect(() => load(people)).toThrow(/"Beth".*201/);
});

test("legs go by TLS where the PBX named is reached so, or every registrar is; a trunk without legs has none that do", () => {
  const register = (...registrars: string[]) =>
    `register={extension="100",passwordFile="/nowhere",registrars=[${registrars.map((one) => `"${one}"`).join(",")}]}`;
  const trunk = (name: string, more: string) => `{name="${name}",peers=["192.0.2.7"],${more}}`;
  const legs = 'transfer={extensions=["201"]';
  const config = load(
    peers,
    `trunks=[${[
      trunk("clear", `${legs},pbx="udp:192.0.2.7"}`),
      trunk("secure", `${legs},pbx="tls:pbx.office.test"}`),
      trunk("both", `${register("tls:a.test", "tcp:b.test")},${legs}}`),
      trunk("registered", `${register("tls:a.test", "tls:b.test")},${legs}}`),
      trunk("other", `${register("tls:a.test")},${legs},pbx="tcp:192.0.2.7"}`),
      trunk("none", 'srtp="off"'),
    ].join(",")}]`,
  );
  const names = ["peers", "clear", "secure", "both", "registered", "other", "none", undefined];
  expect(names.filter((name) => legsByTls(config, name))).toEqual(["secure", "registered"]);
});

test("a PBX is named by a port that there is", () => {
  const named = (pbx: string) => () => load(`sip.transfer={extensions=["201"],pbx="${pbx}"}`);
  for (const good of ["udp:192.0.2.1", "tls:[2001:db8::1]", "tcp:[2001:db8::1]:65535"])
    expect(named(good)).not.toThrow();
  for (const bad of ["0", "65536", "99999", "05060"]) expect(named(`udp:192.0.2.1:${bad}`)).toThrow(/pbx: expected/);
});
