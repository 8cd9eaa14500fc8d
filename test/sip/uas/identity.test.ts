import { expect, test } from "bun:test";
import { parseMessage } from "../../../src/sip/message/parse.ts";
import { calledOf, callerOf, normaliseNumber } from "../../../src/sip/uas/identity.ts";
import { type Parts, request } from "../bench.ts";

function invite(parts: Parts, from?: string) {
  const text = from === undefined ? request(parts) : request(parts).replace(/From: .*/, `From: ${from};tag=1`);
  const parsed = parseMessage(Buffer.from(text, "utf8"));
  if (!parsed.ok || parsed.message.kind !== "request") throw new Error("not an INVITE");
  return parsed.message;
}

const asserted = 'P-Asserted-Identity: "Grace" <sip:02079460001@192.0.2.1>';
const remote = 'Remote-Party-ID: "Joan" <sip:+441614960002@192.0.2.1>;party=calling;privacy=off';
const withheld = { number: undefined, display: undefined, withheld: true };

test("The caller: P-Asserted-Identity, then Remote-Party-ID, then From", () => {
  expect(callerOf(invite({ headers: [remote, asserted] }))).toEqual({
    number: "+442079460001",
    display: "Grace",
    withheld: false,
  });
  expect(callerOf(invite({ headers: [remote] }))).toMatchObject({ number: "+441614960002", display: "Joan" });
  expect(callerOf(invite({}))).toMatchObject({ number: "+447700900123", display: "Ada Example" });
  expect(callerOf(invite({ headers: [remote.replace("calling", "called")] })).number).toBe("+447700900123");
  const both = `${asserted}, <tel:+442079460009>`;
  expect(callerOf(invite({ headers: [both] }))).toMatchObject({ number: "+442079460009", display: "Grace" });
});

test("Whoever withholds the number, withholds the name too", () => {
  expect(callerOf(invite({ headers: [asserted, "Privacy: id"] }))).toEqual(withheld);
  expect(callerOf(invite({ headers: [asserted, "Privacy: user;critical"] }))).toEqual(withheld);
  expect(callerOf(invite({ headers: [remote.replace("privacy=off", "privacy=full")] }))).toEqual(withheld);
  expect(callerOf(invite({ headers: [asserted] }, '"Anonymous" <sip:anonymous@anonymous.invalid>'))).toEqual(withheld);
  expect(callerOf(invite({}, "<sip:Anonymous@192.0.2.1>"))).toEqual(withheld);
  expect(callerOf(invite({ headers: [asserted, "Privacy: none"] })).withheld).toBe(false);
});

test("Numbers in the forms that PBXes send", () => {
  const forms: Record<string, string> = {
    "02071234567": "+442071234567",
    "+442071234567": "+442071234567",
    "00442071234567": "+442071234567",
    "+44 (0)20 7123 4567": "+442071234567",
    "07700-900-123": "+447700900123",
    "0169772345": "+44169772345",
    "0033123456789": "+33123456789",
    "+33123456789": "+33123456789",
    "101": "101",
    "0800": "0800",
    alice: "alice",
    "999": "999",
  };
  expect(Object.fromEntries(Object.keys(forms).map((given) => [given, normaliseNumber(given)]))).toEqual(forms);
});

test("Names are UTF-8, without control characters, and bounded", () => {
  expect(callerOf(invite({}, '"Zoë\u0007 Ångström" <sip:1@192.0.2.1>')).display).toBe("Zoë Ångström");
  expect(callerOf(invite({}, `"${"x".repeat(500)}" <sip:1@192.0.2.1>`)).display).toHaveLength(128);
  expect(callerOf(invite({}, `<sip:${"1".repeat(500)}@192.0.2.1>`)).number).toHaveLength(128);
  expect(callerOf(invite({}, "<sip:192.0.2.1>"))).toEqual({ number: undefined, display: undefined, withheld: false });
});

test("Called is the user of the Request-URI", () => {
  expect(calledOf(invite({ uri: "sip:%30207@192.0.2.9;user=phone" }))).toBe("0207");
  expect(calledOf(invite({ uri: "tel:+442071234567" }))).toBe("+442071234567");
  expect(calledOf(invite({ uri: "sip:192.0.2.9" }))).toBe("");
});

test("The number dialled: the first place in the trunk's order that names one", () => {
  const headers = [
    "P-Called-Party-ID: <sip:+442079460100@pbx.test>",
    "Diversion: <sip:201@pbx.test>;reason=no-answer, <sip:02079460200@pbx.test>;reason=unconditional",
    "History-Info: <sip:02079460300@pbx.test>;index=1, <sip:201@pbx.test?Reason=SIP%3Bcause%3D302>;index=1.1",
  ];
  const all = invite({ uri: "sip:1000@192.0.2.9", headers });
  expect(calledOf(all)).toBe("1000");
  expect(calledOf(all, ["to", "request-uri"])).toBe("02071234567");
  expect(calledOf(all, ["p-called-party-id", "to"])).toBe("+442079460100");
  expect(calledOf(all, ["diversion"])).toBe("02079460200"); // who was called first, not who diverted last
  expect(calledOf(all, ["history-info"])).toBe("02079460300");
  const bare = invite({ uri: "sip:1000@192.0.2.9", headers: ["Diversion: garbage <"] });
  expect(calledOf(bare, ["p-called-party-id", "diversion", "history-info", "request-uri"])).toBe("1000");
  expect(calledOf(bare, ["p-called-party-id"])).toBe("");
});
