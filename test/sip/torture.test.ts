import { describe, expect, test } from "bun:test";
import { headerList } from "../../src/sip/message/message.ts";
import { parseNameAddr } from "../../src/sip/message/name-addr.ts";
import { parseMessage } from "../../src/sip/message/parse.ts";
import type { Admit } from "../../src/sip/ports.ts";
import { createSignalling } from "../../src/sip/signalling.ts";
import { redactMessage } from "../../src/sip/trace/redact.ts";
import { createClock } from "./clock.ts";
import { sharedFolder, tortureFixtures } from "./fixtures.ts";

/** Status of the last answer, "call" where a call arrived, or "dropped". */
function outcome(datagram: Uint8Array, admit: Admit = () => ({ ok: true })): number | "call" | "dropped" {
  const clock = createClock();
  let last: number | "call" | "dropped" = "dropped";
  const signalling = createSignalling({
    send: (bytes) => {
      last = Number(Buffer.from(bytes).toString("latin1", 8, 11));
    },
    schedule: clock.schedule,
    randomId: () => crypto.randomUUID(),
    trunkOf: () => ({ name: "pbx", peers: [], called: ["request-uri"] }),
    localEndpoint: () => ({ address: "192.0.2.9", port: 5060 }),
    minSessionSeconds: 90,
    limits: { invitesPerSecond: 1e9, othersPerSecond: 1e9, earlyDialogs: 1e9 },
    nowMs: clock.now,
    trace: (_direction, bytes) => void redactMessage(bytes),
    finished: () => undefined,
    userAgentHeader: undefined,
    admit,
    onInvite: () => {
      last = "call";
      return { acknowledged: () => undefined, reoffered: () => undefined, ended: () => undefined };
    },
    failed: (error) => {
      throw error;
    },
  });
  signalling.receive(datagram, { address: "192.0.2.1", port: 5060 });
  const answer = last;
  clock.advance(400_000);
  const { timers, transactions, dialogs } = signalling.status();
  expect({ timers, transactions, dialogs }).toEqual({ timers: 0, transactions: 0, dialogs: 0 });
  return answer;
}

describe("Messages of our own", () => {
  for (const { name, outcome: expected, datagram } of tortureFixtures()) {
    test(`${name}: ${expected}`, () => expect(outcome(datagram)).toBe(expected));
  }
});

// RFC 4475, where the checkout has it beside it. §3.1.1: all of these are valid.
const valid: Record<string, [method: string, callId: string]> = {
  wsinv: ["INVITE", "wsinv.ndaksdj@192.0.2.1"],
  intmeth: ["!interesting-Method0123456789_*+`.%indeed'~", `intmeth.word%ZK-!.*_+'@word\`~)(><:\\/"][?}{`],
  esc01: ["INVITE", "esc01.239409asdfakjkn23onasd0-3234"],
  escnull: ["REGISTER", "escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd"],
  esc02: ["RE%47IST%45R", "esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf"],
  lwsdisp: ["OPTIONS", "lwsdisp.1234abcd@funky.example.com"],
  longreq: [
    "INVITE",
    "longreq.onereallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallylongcallid",
  ],
  dblreq: ["REGISTER", "dblreq.0ha0isndaksdj99sdfafnl3lk233412"],
  semiuri: ["OPTIONS", "semiuri.0ha0isndaksdj"],
  transports: ["OPTIONS", "transports.kijh4akdnaqjkwendsasfdj"],
  mpart01: ["MESSAGE", "3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA.."],
  unreason: ["200", "unreason.1234ksdfak3j2erwedfsASdf"],
  noreason: ["100", "noreason.asndj203insdf99223ndf"],
};

/** §3.1.2: each is invalid. What becomes of it here: refused, dropped, or understood by a repair that RFC allows. */
const invalid: Record<string, number | "dropped" | "call"> = {
  badinv01: "dropped",
  clerr: 400,
  ncl: 400,
  scalar02: 400,
  scalarlg: "dropped",
  quotbal: 400,
  ltgtruri: 400,
  lwsruri: 400,
  lwsstart: 400,
  trws: 400,
  escruri: 400,
  baddate: "call", // its Date is of no use to us, and not looked at
  regbadct: 405,
  badaspec: 200, // the spaces within <> are left away
  baddn: "dropped",
  badvers: 505,
  mismatch01: 400,
  mismatch02: 400,
  bigcode: "dropped",
};

/** §3.2 to §3.4: valid to parse, and for the application to decide. */
const application: Record<string, number | "dropped" | "call"> = {
  badbranch: 200,
  insuf: 400,
  unkscm: 416,
  novelsc: 416,
  unksm2: 405,
  bext01: 420,
  invut: 415,
  regaut01: 405,
  multi01: 400,
  mcl01: 400,
  bcast: "dropped",
  zeromf: 200,
  cparam01: 405,
  cparam02: 405,
  regescrt: 405,
  sdp01: 406,
  inv2543: "call",
};

const rfc = sharedFolder("rfc4475");

if (rfc.size > 0) {
  describe("RFC 4475", () => {
    const datagram = (name: string) => rfc.get(name) ?? Buffer.alloc(0);
    for (const [name, [start, callId]] of Object.entries(valid)) {
      test(`valid: ${name}`, () => {
        const parsed = parseMessage(datagram(name));
        if (!parsed.ok) throw new Error(parsed.fault);
        const { message } = parsed;
        expect(message.kind === "request" ? message.method : String(message.status)).toBe(start);
        expect(message.callId).toBe(callId);
        outcome(datagram(name));
      });
    }
    for (const [name, expected] of Object.entries({ ...invalid, ...application })) {
      test(`${name in invalid ? "invalid" : "application"}: ${name} → ${expected}`, () =>
        expect(outcome(datagram(name))).toBe(expected));
    }

    test("Fields of the valid ones", () => {
      const read = (name: string) => {
        const parsed = parseMessage(datagram(name));
        if (!parsed.ok) throw new Error(parsed.fault);
        return parsed.message;
      };
      const wsinv = read("wsinv");
      expect(wsinv.from).toMatchObject({ display: 'J Rosenberg \\"', uri: "sip:jdrosen@example.com" });
      expect(wsinv.from.params.get("tag")).toBe("98asjd8");
      expect(wsinv.to.params.get("tag")).toBe("1918181833n");
      expect(wsinv.cseq).toEqual({ number: 9, method: "INVITE" });
      expect(headerList(wsinv, "via")).toHaveLength(3);
      expect(wsinv.via).toMatchObject({ transport: "UDP", host: "192.0.2.2" });
      expect(wsinv.body.length).toBe(150);
      const intmeth = read("intmeth");
      expect(intmeth.to.display).toBe("BEL:\x07 NUL:\x00 DEL:\x7f");
      expect(intmeth.from.params.get("tag")).toBe("_token~1'+`*%!-.");
      expect(read("lwsdisp").from.display).toBe("caller");
      expect(read("dblreq").body.length).toBe(0);
      expect(headerList(read("transports"), "via")).toHaveLength(5);
      expect(headerList(read("longreq"), "via")).toHaveLength(34);
      expect(read("unreason")).toMatchObject({ kind: "response", status: 200 });
      expect(read("noreason")).toMatchObject({ kind: "response", status: 100, reason: "" });
      const contacts = headerList(read("escnull"), "contact").map((value) => parseNameAddr(value)?.uri);
      expect(contacts).toEqual(["sip:%00@host5.example.com", "sip:%00%00@host5.example.com"]);
    });
  });
}
