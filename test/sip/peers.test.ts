import { expect, test } from "bun:test";
import { createPeerFilter, plainAddress, sameAddress } from "../../src/sip/peers.ts";

test("Addresses and blocks of both families, to the bit", () => {
  const served = createPeerFilter(["192.0.2.1", "198.51.100.128/25", "2001:db8:0:8000::/49", "10.0.0.0/8"]);
  const answers: Record<string, boolean> = {
    "192.0.2.1": true,
    "192.0.2.2": false,
    "::ffff:192.0.2.1": true,
    "198.51.100.127": false,
    "198.51.100.128": true,
    "198.51.100.255": true,
    "2001:db8:0:8000::1": true,
    "2001:db8:0:ffff:1:2:3:4": true,
    "2001:db8:0:7fff::1": false,
    "10.255.0.1": true,
    "11.0.0.1": false,
    "fe80::1%eth0": false,
    "pbx.example": false,
    "": false,
  };
  expect(Object.fromEntries(Object.keys(answers).map((address) => [address, served(address)]))).toEqual(answers);
  expect(createPeerFilter(["0.0.0.0/0"])("203.0.113.1")).toBe(true);
  expect(createPeerFilter(["0.0.0.0/0"])("2001:db8::1")).toBe(false);
  expect(createPeerFilter(["::/0"])("2001:db8::1")).toBe(true);
});

test("Anything else is no peer", () => {
  for (const bad of [
    "pbx",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.4/33",
    "1.2.3.4/",
    "1.2.3.4/x",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7:8:9",
  ]) {
    expect(() => createPeerFilter([bad])).toThrow(RangeError);
  }
});

test("A mapped IPv4 address is written plainly", () => {
  expect(plainAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(plainAddress("2001:db8::1")).toBe("2001:db8::1");
});

test("One address in two spellings is one address", () => {
  expect(sameAddress("2001:db8::1", "2001:DB8:0:0::1")).toBe(true);
  expect(sameAddress("::ffff:192.0.2.1", "192.0.2.1")).toBe(true);
  expect(sameAddress("192.0.2.1", "192.0.2.2")).toBe(false);
  expect(sameAddress("pbx.test", "192.0.2.1")).toBe(false);
  expect(sameAddress("192.0.2.1", "pbx.test")).toBe(false);
});
