import { describe, expect, test } from "bun:test";
import { agrees, caller, leaves, scripted } from "./scripted.ts";

describe("privacy and complaints, in scripted calls", () => {
  test.each([
    ["I'd like you to erase my details from your system", "erasure", "2026-12-24"],
    ["I want to know what information you hold about me", "access", "2026-12-24"],
    ["please stop using my data for marketing", "objection", "2026-12-24"],
    ["I'd like to make a formal complaint about the way I was treated", "complaint", "2026-11-27"],
  ])("%p opens a ticket with its clock", (line, kind, due) => {
    const call = scripted([leaves, agrees, ...caller("Iris Dunn", "07700 900177"), line]);
    expect(call.of("ticket")).toMatchObject([{ kind, due, about: line }]);
    expect(call.of("contact")).toMatchObject([{ name: "Iris Dunn", phone: "+447700900177" }]);
    expect(call.end).toMatchObject({ outcome: "message", recording: "on" });
  });

  test("the recording is stopped, and the call goes on where it was", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Paul Tranter", "07700 900733"),
      { when: "date", say: "actually, please don't record me" },
      { when: "date", say: "Friday" },
      { when: "time", say: "four o'clock" },
      "I'd like to see 27 Kestrel Close",
    ]);
    expect(call.said).toMatch(/I've stopped the recording\. .*Which day would suit you\?/);
    expect(call.of("viewing")).toMatchObject([{ start: "2026-11-27T16:00" }]);
    expect(call.end).toMatchObject({ recording: "stopped", outcome: "booked" });
  });
});
