import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runtimePackages } from "./packages.ts";

const rule = "=".repeat(80);

type Model = { id: string; name: string; licence: string; source: string; notice?: string; embedded: boolean };

/**
 * The notices of all that is in the executable: hand-written ones (scripts/notices/*.txt, for what no package
 * describes), the embedded models, and every run-time package with its licence files. A text seen before is referred to.
 *
 * @throws Error naming a package that brings no licence text and has none in scripts/notices/packages/.
 */
export function noticesText(repository: string): string {
  const sections = [...handWritten(repository), ...modelNotices(repository), ...packageNotices(repository)];
  const seen = new Map([[normalised(readFileSync(join(repository, "LICENSE"), "utf8")), "Gatehouse (at the end)"]]);
  const parts = sections.map(({ title, texts }) => {
    const bodies = texts.map((text) => {
      const known = seen.get(normalised(text));
      if (known !== undefined) return `Its licence text is the same as that of ${known}.`;
      seen.set(normalised(text), title);
      return text.replaceAll("\r\n", "\n").trim();
    });
    return [rule, title, rule, "", bodies.join("\n\n"), ""].join("\n");
  });
  return `What is inside Gatehouse and whose it is\n\n${parts.join("\n")}`;
}

type Section = { title: string; texts: string[] };

function handWritten(repository: string): Section[] {
  const folder = join(repository, "scripts/notices");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".txt"))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const end = text.indexOf("\n");
      return { title: text.slice(0, end), texts: [text.slice(end + 1)] };
    });
}

function modelNotices(repository: string): Section[] {
  const { models }: { models: Model[] } = JSON.parse(readFileSync(join(repository, "models/manifest.json"), "utf8"));
  const inside = models.filter(({ embedded }) => embedded);
  return inside.map(({ name, licence, source, notice }) => ({
    title: `Model: ${name} (${licence})`,
    texts: [[`From ${source}`, notice].filter((part) => part !== undefined).join("\n\n")],
  }));
}

function packageNotices(repository: string): Section[] {
  return runtimePackages(repository).map(({ name, version, licence, homepage, texts }) => {
    const own = join(repository, "scripts/notices/packages", `${name.replaceAll("/", "~")}.txt`);
    const all = texts.map(({ text }) => text);
    if (existsSync(own)) all.push(readFileSync(own, "utf8"));
    if (all.length === 0) throw new Error(`${name} brings no licence text: write ${own}`);
    return { title: `Package: ${name} ${version} (${licence}), ${homepage}`, texts: all };
  });
}

function normalised(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
