import { expect, test } from "bun:test";
import { canonicalHost, linkHost, webHostNames } from "../../src/web/api/host-names.ts";
import { openWeb } from "./harness.ts";

const interfaces = {
  lo: [
    { address: "127.0.0.1", internal: true },
    { address: "::1", internal: true },
  ],
  eth0: [
    { address: "192.0.2.20", internal: false },
    { address: "2001:db8::20", internal: false },
    { address: "fe80::1", internal: false },
  ],
};
const always = ["localhost", "127.0.0.1", "::1", "office"];

test.each([
  ["127.0.0.1", always],
  ["192.0.2.20", [...always, "192.0.2.20"]],
  ["0.0.0.0", [...always, "192.0.2.20"]],
  ["::", [...always, "192.0.2.20", "2001:db8::20"]],
  ["0:0::0", [...always, "192.0.2.20", "2001:db8::20"]],
  ["2001:DB8:0:0::20", [...always, "2001:db8::20"]],
])("listening on %s", (address, names) => {
  expect(webHostNames(address, "Office", interfaces)).toEqual(names);
});

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["0.0.0.0", "192.0.2.20"],
  ["::", "192.0.2.20"],
  ["2001:DB8:0:0::20", "2001:db8::20"],
])("a link to what listens on %s leads to %s", (address, host) => {
  expect(linkHost(address, interfaces)).toBe(host);
});

test("a link from a machine with no network leads to itself", () => {
  expect(linkHost("0.0.0.0", { lo: interfaces.lo })).toBe("localhost");
});

test("an IPv6 address is the same host however it is written", async () => {
  expect(canonicalHost("0:0:0:0:0:0:0:1")).toBe("::1");
  const web = openWeb({ hostNames: ["2001:DB8:0::20"] });
  for (const host of ["[2001:db8::20]:8443", "[2001:DB8:0:0:0:0:0:20]"]) {
    expect((await web.request("/", { headers: { host } })).status).toBe(200);
  }
  for (const host of ["[2001:db8::21]", "[:::]", "[::1%25eth0]", "2001:db8::20"]) {
    expect((await web.request("/", { headers: { host } })).status).toBe(421);
  }
  web.close();
});
