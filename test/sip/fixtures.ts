/** Messages of our own writing from test/fixtures/sip, and those of the RFC where a checkout has them beside it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const fixtures = join(import.meta.dir, "../fixtures/sip");
const shared = join(import.meta.dir, "../../../shared/data");

function onTheWire(text: string): Buffer {
  return Buffer.from(text.replace(/\n/g, "\r\n"), "utf8");
}

export function inviteFixture(): Buffer {
  return onTheWire(readFileSync(join(fixtures, "invite.txt"), "utf8"));
}

export type Torture = { name: string; outcome: number | "dropped"; datagram: Buffer };

export function tortureFixtures(): Torture[] {
  const text = readFileSync(join(fixtures, "torture.txt"), "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf("\n");
      const colon = section.lastIndexOf(":", end);
      const outcome = section.slice(colon + 1, end).trim();
      return {
        name: section.slice(0, colon),
        outcome: outcome === "dropped" ? "dropped" : Number(outcome),
        datagram: onTheWire(section.slice(end + 1)),
      };
    });
}

/** Name without ending → datagram; empty where the folder is not there. */
export function sharedFolder(name: "rfc4475" | "fuzz/sip" | "fuzz/sip-dialog"): Map<string, Buffer> {
  const folder = join(shared, name);
  if (!existsSync(folder)) return new Map();
  return new Map(readdirSync(folder).map((file) => [file.replace(/\.[^.]*$/, ""), readFileSync(join(folder, file))]));
}
