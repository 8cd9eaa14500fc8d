/** What a PBX gone wild would send next, given what we have said to it: the dialogs, tags and requests are those of ours. */
import type { Endpoint } from "../../../src/sip/endpoint.ts";
import { header, type SipMessage, type SipRequest } from "../../../src/sip/message/message.ts";
import { tagOf } from "../../../src/sip/message/name-addr.ts";
import { offer, type Parts, request } from "../../sip/bench.ts";
import type { Random } from "../../sip/random.ts";
import { mutateBytes, mutateLines } from "../mutate.ts";
import { sdpSeeds, sipSeeds } from "../seeds.ts";
import { rule, type Step } from "../target.ts";

type Dialog = { callId: string; fromTag: string; toTag: string; rseq: string | undefined };

const remembered = 12;
const inDialog = ["ACK", "BYE", "INVITE", "UPDATE", "INFO", "OPTIONS", "REFER", "CANCEL", "PRACK", "NOTIFY"];
const timers = ["Supported: timer, 100rel", "Session-Expires: 90;refresher=uas", "Allow: INVITE, UPDATE"];
const routes = "Record-Route: <sip:192.0.2.2:5080;lr>";
const statuses = [100, 180, 200, 200, 200, 401, 408, 481, 491, 500, 503, 302];

export function createTraffic() {
  let dialogs: Dialog[] = [];
  /** Requests of ours that wait for an answer. */
  let asked: { message: SipRequest; to: Endpoint }[] = [];
  let last: Step & { kind: "input" } = { kind: "input", bytes: Buffer.from(request({})), from: 0 };
  let serial = 0;
  let silent = false;

  function fresh(random: Random): string {
    serial += 1;
    const parts: Parts = {
      callId: `fresh-${serial}-${random.below(1_000_000)}`,
      branch: `z9hG4bK-f${serial}`,
      body: random.below(5) === 0 ? undefined : body(random),
      headers: [...timers.slice(0, random.below(4)), ...(random.below(4) === 0 ? [routes] : [])],
    };
    return request(
      random.below(6) === 0 ? { ...parts, headers: [...(parts.headers ?? []), "Require: 100rel"] } : parts,
    );
  }

  function body(random: Random): string {
    return random.below(2) === 0 ? offer : random.pick(sdpSeeds).toString("latin1");
  }

  function within(random: Random): string {
    serial += 1;
    const isNext = random.below(4) === 0; // the ACK of the call that was answered last
    const dialog = isNext ? dialogs.at(-1) : dialogs[random.below(Math.max(1, dialogs.length))];
    if (dialog === undefined) return fresh(random);
    const method = isNext ? "ACK" : random.pick(inDialog);
    const isOfInvite = method === "ACK" || method === "CANCEL";
    const rack = dialog.rseq === undefined ? [] : [`RAck: ${dialog.rseq} 1 INVITE`];
    return request({
      method,
      ...dialog,
      branch: `z9hG4bK-w${serial}`,
      cseq: isOfInvite && random.below(4) > 0 ? 1 : serial,
      headers: [...(method === "PRACK" ? rack : []), ...timers.slice(0, random.below(4)), ...special(method)],
      ...content(method, random),
    });
  }

  function content(method: string, random: Random): Pick<Parts, "type" | "body"> {
    if (method === "INFO") return { type: "application/dtmf-relay", body: "Signal=5\r\nDuration=160\r\n" };
    if (method !== "NOTIFY") return { type: "application/sdp", body: random.below(2) === 0 ? body(random) : undefined };
    return { type: "message/sipfrag;version=2.0", body: `SIP/2.0 ${random.pick(statuses)} Any\r\n` };
  }

  function answer(random: Random): string | undefined {
    // A call of ours is rare, and worth an answer.
    const invite = random.below(2) === 0 ? asked.findLast(({ message }) => message.method === "INVITE") : undefined;
    const one = invite ?? asked[random.below(Math.max(1, asked.length))];
    if (one === undefined) return undefined;
    const { message } = one;
    const copied = message.headers.filter(({ name }) => ["via", "from", "to", "call-id", "cseq"].includes(name));
    // Whoever answers a call of ours adds a tag, each of those to whom it forked another.
    const fork = `;tag=fork-${random.below(3)}`;
    const tagged = (value: string) => (value.includes(";tag=") ? value : `${value}${fork}`);
    const text = copied.map(({ name, value }) => `${name}: ${name === "to" ? tagged(value) : value}`).join("\r\n");
    const sdp = message.method === "INVITE" && random.below(2) === 0 ? body(random) : "";
    const more = [
      "Contact: <sip:pbx@192.0.2.1>",
      "Session-Expires: 120;refresher=uac",
      "Content-Type: application/sdp",
      ...(random.below(3) === 0 ? ["Require: 100rel", `RSeq: ${1 + random.below(3)}`] : []),
      ...(random.below(3) === 0 ? ['WWW-Authenticate: Digest realm="pbx.test", nonce="n1", qop="auth"'] : []),
    ];
    const status = random.pick(statuses);
    return `SIP/2.0 ${status} Any\r\n${text}\r\n${more.join("\r\n")}\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
  }

  function living(random: Random): Uint8Array {
    const kind = random.below(8);
    if (kind < 2) return Buffer.from(fresh(random), "latin1");
    if (kind < 5) return Buffer.from(answer(random) ?? within(random), "latin1");
    return Buffer.from(within(random), "latin1");
  }

  function bytes(random: Random): Uint8Array {
    const kind = random.below(10);
    if (kind < 4) return living(random); // as it should be: only so do calls get anywhere
    if (kind < 7) return (random.below(2) === 0 ? mutateBytes : mutateLines)([living(random)], random);
    if (kind < 9) return (random.below(2) === 0 ? mutateBytes : mutateLines)(sipSeeds, random);
    return last.bytes; // once more
  }

  /** @param toTag ours. */
  function note(
    callId: string,
    fromTag: string | undefined,
    toTag: string | undefined,
    rseq: string | undefined,
  ): void {
    if (fromTag === undefined || toTag === undefined) return;
    const others = dialogs.filter((one) => one.toTag !== toTag);
    dialogs = [...others.slice(-remembered), { callId, fromTag, toTag, rseq }];
  }

  return {
    next(random: Random): Step {
      if (random.below(25) === 0) return { kind: "time", ms: random.pick([10, 500, 1_000, 4_000, 33_000, 46_000]) };
      last = { kind: "input", bytes: bytes(random), from: random.below(12) === 0 ? 1 + random.below(4) : 0 };
      return last;
    },
    /** What we have sent. */
    sent(message: SipMessage, to: Endpoint): void {
      rule(!silent, "a stranger is answered");
      if (message.kind === "request") {
        if (message.method === "ACK") note(message.callId, tagOf(message.to), tagOf(message.from), undefined);
        else asked = [...asked.slice(-remembered), { message, to }];
        return;
      }
      if (message.cseq.method !== "INVITE") return;
      note(message.callId, tagOf(message.from), tagOf(message.to), header(message, "rseq"));
    },
    /** @param on nothing may be sent while `work` runs. */
    silence(work: () => void, on: boolean): void {
      silent = on;
      work();
      silent = false;
    },
  };
}

function special(method: string): string[] {
  if (method === "REFER") return ["Refer-To: <sip:200@192.0.2.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>"];
  if (method === "NOTIFY") return ["Event: refer", "Subscription-State: active;expires=60"];
  return [];
}
