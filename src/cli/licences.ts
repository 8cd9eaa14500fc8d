import { embeddedText } from "../embedded/files.ts";
import { version } from "../version.ts";

/** What `gatehouse licences` prints: our own licence, the notices of everything that is inside, and the GPL in full. */
export function licencesText(): string {
  return [
    `Gatehouse ${version}: a self-hosted voice receptionist for estate agencies.`,
    "It is free software: you may redistribute it and change it under the GNU General Public License, version 3 or",
    "(at your option) any later version; its text is at the end. It comes without any warranty.",
    "",
    embeddedText("THIRD-PARTY-NOTICES.txt").trimEnd(),
    "",
    embeddedText("LICENSE").trimEnd(),
    "",
  ].join("\n");
}
