import { describe, expect, test } from "bun:test";
import { loadConfig } from "../../src/config/load.ts";
import { isPrivate } from "../../src/config/webhook-schema.ts";

describe("private networks", () => {
  test.each([
    "10.0.0.1",
    "10.0.0.0/8",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.0/24",
    "127.0.0.1",
    "::1",
    "fd00::1",
    "fc00::/7",
  ])("%s is one", (block) => expect(isPrivate(block)).toBe(true));
  test.each([
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.0",
    "192.169.0.1",
    "11.0.0.0",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "2001:db8::1",
    "fe80::1",
    "::",
  ])("%s is none", (block) => expect(isPrivate(block)).toBe(false));
  test.each(["10.0.0.0/7", "192.168.0.0/15", "0.0.0.0/0", "::/0", "172.16.0.0/11", "fc00::/6"])(
    "%s reaches beyond one",
    (block) => expect(isPrivate(block)).toBe(false),
  );
});

const webhook = (fields: string) =>
  loadConfig({ file: undefined, set: [`webhooks=[{url="https://10.1.2.3/x",secretFile="s",${fields}}]`] }).webhooks[0];
const at = (url: string, more = "") =>
  loadConfig({ file: undefined, set: [`webhooks=[{url="${url}",secretFile="s"${more}}]`] }).webhooks[0];

describe("webhooks", () => {
  test("there are none; of one, everything but what is personal is told, for three days", () => {
    expect(loadConfig({ file: undefined, set: [] }).webhooks).toEqual([]);
    const one = webhook("");
    expect([one?.personal, one?.giveUpDays, one?.events.length, one?.inClear]).toEqual([false, 3, 16, false]);
  });

  test.each([
    ["https://8.8.8.8/", "private network"],
    ["https://[2001:db8::1]/", "private network"],
    ["https://0x08080808/", "private network"],
    ["https://169.254.169.254/latest", "private network"],
    ["https://crm.example/", "the addresses that the name in the URL stands for"],
    ["http://10.1.2.3/", "inClear"],
    ["ftp://10.1.2.3/", "url"],
    ["https://user:pw@10.1.2.3/", "neither a password"],
  ])("%s is refused", (url, why) => {
    expect(() => at(url)).toThrow(why);
  });

  test("a name stands only for private addresses", () => {
    expect(at("https://crm.lan/x", ',addresses=["192.168.1.0/24"]')?.addresses).toEqual(["192.168.1.0/24"]);
    expect(() => at("https://crm.lan/x", ',addresses=["192.168.1.1","8.8.8.8"]')).toThrow("private network");
    expect(() => at("https://8.8.8.8/x", ',addresses=["192.168.1.1"]')).toThrow("private network");
  });

  test("in clear to this machine, elsewhere only where it is said", () => {
    expect(at("http://127.0.0.1:9000/")?.url).toBe("http://127.0.0.1:9000/");
    expect(at("http://10.1.2.3/", ",inClear=true")?.inClear).toBe(true);
    expect(() => at("http://127.office.lan/", ',addresses=["192.168.1.30"]')).toThrow("inClear");
  });

  test("unknown events and two of the same URL are refused", () => {
    expect(() => webhook('events=["viewing.eaten"]')).toThrow("events");
    expect(() => webhook("events=[]")).toThrow("events");
    const two = '{url="https://10.1.2.3/x",secretFile="s"}';
    expect(() => loadConfig({ file: undefined, set: [`webhooks=[${two},${two}]`] })).toThrow("a URL of its own");
  });
});
