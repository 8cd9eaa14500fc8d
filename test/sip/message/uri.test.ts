import { expect, test } from "bun:test";
import { parseNameAddr } from "../../../src/sip/message/name-addr.ts";
import { asRequestUri, hasLr, parseSipUri, userOf } from "../../../src/sip/message/uri.ts";

test("A SIP URI in its parts", () => {
  expect(parseSipUri("sips:%61da:secret@[2001:DB8::1]:5070;transport=tcp;lr?subject=x")).toEqual({
    scheme: "sips",
    user: "ada",
    host: "2001:db8::1",
    port: 5070,
    params: ";transport=tcp;lr",
    headers: "subject=x",
  });
  expect(parseSipUri("sip:192.0.2.1")).toMatchObject({ user: undefined, host: "192.0.2.1", port: undefined });
  for (const bad of ["sip:", "sip:a@", "sip:a@b:70000", "sip:a b@c", "mailto:a@b", "sip:a@b:x"]) {
    expect(parseSipUri(bad)).toBeUndefined();
  }
});

test("The user of a SIP URI, the number of a tel URI, each without parameters", () => {
  expect(userOf("sip:+442071234567;npdi=yes@192.0.2.1;user=phone")).toBe("+442071234567");
  expect(userOf("tel:+44-20-7123-4567;ext=1")).toBe("+44-20-7123-4567");
  expect(userOf("tel:2071234567;phone-context=+44")).toBe("+442071234567");
  expect(userOf("tel:101;phone-context=office.example")).toBe("101");
  expect(userOf("mailto:a@b")).toBeUndefined();
});

test("lr is a parameter, not a part of one", () => {
  expect(hasLr("sip:a@b;lr")).toBe(true);
  expect(hasLr("sip:a@b;LR=on;x")).toBe(true);
  expect(hasLr("sip:lr@b;lrx")).toBe(false);
});

test("A Request-URI has neither headers nor method", () => {
  expect(asRequestUri("sip:a@b;method=INVITE;lr?x=y")).toBe("sip:a@b;lr");
});

test("name-addr: what may stand in it, and what a repair may guess", () => {
  expect(parseNameAddr("Bell, Alexander <sip:a@b>;tag=43")?.display).toBe("Bell, Alexander");
  expect(parseNameAddr("< sip:a@b >")?.uri).toBe("sip:a@b");
  expect(parseNameAddr('"<sip:x@y>" <sip:a@b>')).toMatchObject({ display: "<sip:x@y>", uri: "sip:a@b" });
  for (const bad of [
    "",
    "<>",
    "<sip:a@b",
    '"a <sip:a@b>',
    'a"b <sip:a@b>',
    "sip:a@b?x=y",
    "<sip:a@b>;;",
    "<sip:a@b> x",
    "a@b",
  ]) {
    expect(parseNameAddr(bad)).toBeUndefined();
  }
});
