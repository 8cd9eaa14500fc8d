/** A process that keeps a call as the appliance does and is then killed: prints `ready` in mid-call and waits. */
import { encode } from "../../src/media/g711.ts";
import { makeNeedles, needleTurn } from "./needles.ts";
import { openIn } from "./opened.ts";

const [root = "", dataDir = "", keyFile = ""] = process.argv.slice(2);
const records = openIn({ root, dataDir, keyFile, remove: () => undefined }, () => new Date());
const { name, phone, spoken, samples } = makeNeedles();
const callId = "5b8f3a52-7e6c-4f0e-9d8e-0f5f5a3c1d11";
const now = new Date();

records.callLog.begin({ id: callId, line: "200", startedAt: now });
records.callLog.disclosed(callId, { number: phone, display: name, withheld: false }, now);
records.callLog.turn(callId, needleTurn(spoken));
records.contacts.add({ id: "needle", name, phone, email: "wilhelmina@postlethwaite.example" });
records.messages.add({ id: "m", name, phone, about: spoken, forWhom: undefined, callId, takenAt: now.toISOString() });
const recording = records.recordings.start(callId, now);
const audio = encode("PCMA", samples);
for (let sequence = 0; sequence < 3; sequence++) {
  recording.append({ sequence, codec: "PCMA", caller: audio, agent: audio.toReversed() });
}
console.log("ready");
setInterval(() => undefined, 60_000);
