import { expect, test } from "bun:test";
import { buildReport, middleOf, ntpTime, parseRtcp, type ReportBlock } from "../../src/media/rtcp.ts";

const block: ReportBlock = {
  ssrc: 7,
  fractionLost: 25,
  cumulativeLost: -3,
  highestSequence: 65_540,
  jitter: 12,
  lastSenderReport: 0x1234_5678,
  delaySinceLast: 65_536,
};
const info = { ...ntpTime(1_750_000_000_500), timestamp: 4_000_000_000, packets: 250, octets: 40_000 };

test("a sender report with CNAME and BYE is a compound packet that parses back", () => {
  const bytes = buildReport({ ssrc: 5, cname: "abc", info, block, leaving: true });
  expect(bytes.length % 4).toBe(0);
  expect(parseRtcp(bytes)).toEqual([
    { kind: "sender-report", ssrc: 5, info, blocks: [block] },
    { kind: "other", type: 202 },
    { kind: "bye", ssrcs: [5] },
  ]);
});

test("without anything sent or heard it is an empty receiver report", () => {
  const bytes = buildReport({ ssrc: 5, cname: "abcd", info: undefined, block: undefined, leaving: false });
  expect([...bytes]).toEqual([
    ...[0x80, 201, 0, 1, 0, 0, 0, 5],
    ...[0x81, 202, 0, 3, 0, 0, 0, 5, 1, 4, 97, 98, 99, 100, 0, 0],
  ]);
});

test("NTP counts from 1900 in seconds and 2^-32 parts", () => {
  expect(ntpTime(0)).toEqual({ ntpSeconds: 2_208_988_800, ntpFraction: 0 });
  expect(ntpTime(1500)).toEqual({ ntpSeconds: 2_208_988_801, ntpFraction: 0x8000_0000 });
  expect(middleOf({ ntpSeconds: 0xaaaa_bbbb, ntpFraction: 0xcccc_dddd })).toBe(0xbbbb_cccc);
});

test.each([
  ["nothing", []],
  ["half a header", [0x80, 200]],
  ["version 1", [0x40, 201, 0, 0]],
  ["a length past the end", [0x80, 201, 0, 9, 0, 0, 0, 1]],
  ["a report without its block", [0x81, 201, 0, 1, 0, 0, 0, 1]],
  ["a sender report without its figures", [0x80, 200, 0, 1, 0, 0, 0, 1]],
  ["a BYE of more sources than it has", [0x82, 203, 0, 1, 0, 0, 0, 1]],
  ["a good packet with a bad one behind it", [0x80, 203, 0, 0, 0x80]],
])("%s is refused", (_, bytes) => {
  expect(parseRtcp(Uint8Array.from(bytes))).toBeUndefined();
});
