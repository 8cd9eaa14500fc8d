import type { SourceFile } from "./source-files.ts";

/**
 * Who may know whom. Folders of rules hold no I/O, so that every rule can be tested with values; edges do the I/O and
 * own no rules; main.ts and its stages in start/ alone know everybody.
 */
type Layer = {
  /** Files of the layer: a path that begins with one of `of` and with none of `but`. */
  of: readonly string[];
  but?: readonly string[];
  /** Files of ours that it may import, beside its own. Anything else is a fault. */
  mayImport: readonly string[];
  /** Whether it may import I/O modules and use I/O globals. */
  io: boolean;
};

/** Types that cross from one part to another. Anybody may import them. */
const contracts = [
  "src/app-error.ts",
  "src/sip/ports.ts",
  "src/media/messages.ts",
  "src/speech/ports.ts",
  "src/calls/ports.ts",
  "src/agency/types.ts",
  "src/agency/enquiries.ts",
  "src/receptionist/contract.ts",
];
/** Words of the language, of no part in particular. Anybody may import them; they import nobody. */
const language = "src/english/";
const rules = ["src/agency/", "src/receptionist/", "src/privacy/", "src/calls/", "src/sip/", "src/media/"];
const edges = ["src/sip/transport/", "src/sip/user-agent.ts", "src/media/worker", "src/media/client.ts"];

const layers: Record<string, Layer> = {
  english: { of: [language], mayImport: [], io: false },
  sip: { of: ["src/sip/"], but: edges, mayImport: [], io: false },
  media: { of: ["src/media/"], but: edges, mayImport: [], io: false },
  calls: { of: ["src/calls/"], mayImport: rules, io: false },
  receptionist: { of: ["src/receptionist/"], mayImport: ["src/agency/", "src/privacy/"], io: false },
  lab: { of: ["src/lab/"], mayImport: ["src/agency/", "src/receptionist/"], io: false },
  agency: { of: ["src/agency/"], mayImport: ["src/privacy/"], io: false },
  privacy: { of: ["src/privacy/"], mayImport: [], io: false },
  "sip/transport": {
    of: ["src/sip/transport/", "src/sip/user-agent.ts"],
    mayImport: ["src/sip/", "src/sockets/", "src/log.ts"],
    io: true,
  },
  "media/worker": {
    of: ["src/media/worker", "src/media/client.ts"],
    mayImport: ["src/media/", "src/sockets/", "src/embedded/", "src/log.ts"],
    io: true,
  },
  sockets: { of: ["src/sockets/"], mayImport: [], io: true },
  speech: { of: ["src/speech/"], mayImport: ["src/media/", "src/embedded/", "src/config/", "src/log.ts"], io: true },
  models: {
    of: ["src/models/"],
    mayImport: [
      "src/embedded/",
      "src/media/",
      "src/ops/capacity/model.ts",
      "src/security/",
      "src/speech/",
      "src/log.ts",
    ],
    io: true,
  },
  store: { of: ["src/store/"], mayImport: [...rules, "src/security/", "src/embedded/", "src/log.ts"], io: true },
  security: { of: ["src/security/"], mayImport: ["src/store/", "src/embedded/", "src/log.ts"], io: true },
  "web/ui": { of: ["src/web/ui/"], mayImport: ["src/web/api/"], io: true },
  web: {
    of: ["src/web/"],
    but: ["src/web/ui/"],
    mayImport: [...rules, "src/security/", "src/embedded/", "src/config/", "src/log.ts", "src/version.ts"],
    io: true,
  },
};

/** No part of the program may import these, but the ones named: they know everybody. */
const topmost: readonly { of: string; knownBy: readonly string[] }[] = [
  { of: "src/main.ts", knownBy: ["src/gatehouse.ts", "src/cli/serve.ts"] },
  { of: "src/gatehouse.ts", knownBy: [] },
  { of: "src/start/", knownBy: ["src/main.ts", "src/start/", "src/cli/chat/"] },
];

const ioModules = [
  /^(node:)?(fs|fs\/promises|net|tls|dgram|dns|http|https|http2|child_process|worker_threads|cluster|readline|repl)$/,
  /^bun(:(ffi|sqlite))?$/,
  /^(hono|better-sqlite3-multiple-ciphers|onnxruntime-node|@echogarden\/espeak-ng-emscripten)(\/|$)/,
];
const ioGlobals =
  /\bBun\.(file|write|spawn|spawnSync|listen|connect|udpSocket|serve|stdin|stdout|sql|redis|s3|sleep|sleepSync|dns)\b|\bfetch\(|\bnew (WebSocket|Worker)\(/;

/** One line for each import that goes the wrong way. */
export function directionFaults(files: readonly SourceFile[]): string[] {
  return files.filter(({ path }) => path.startsWith("src/")).flatMap(faultsOfFile);
}

function faultsOfFile(file: SourceFile): string[] {
  const [name, layer] = layerOf(file.path) ?? [];
  const faults = file.imports.flatMap((target) => {
    const fault = outwardFault(file.path, target) ?? (layer && layerFault(name ?? "", layer, target));
    return fault === undefined ? [] : [`${file.path} imports ${target}: ${fault}`];
  });
  if (layer === undefined || layer.io) return faults;
  for (const module of file.packages.filter((module) => ioModules.some((pattern) => pattern.test(module)))) {
    faults.push(`${file.path} imports ${module}: rules do no I/O`);
  }
  const used = withoutComments(file.text).match(ioGlobals);
  if (used !== null) faults.push(`${file.path} uses ${used[0]}: rules do no I/O`);
  return faults;
}

/** What no file of the program may do, whatever its layer. */
function outwardFault(path: string, target: string): string | undefined {
  const top = topmost.find(({ of }) => target.startsWith(of));
  if (top && !top.knownBy.some((start) => path.startsWith(start))) return "it wires us, we do not know it";
  if (!target.startsWith("src/") && target !== "package.json") return "src must stand alone";
  return undefined;
}

function layerFault(name: string, layer: Layer, target: string): string | undefined {
  if (belongs(target, layer) || contracts.includes(target) || target.startsWith(language)) return undefined;
  const allowed = layer.mayImport.some((start) => target.startsWith(start));
  const edge = !layer.io && edges.some((start) => target.startsWith(start));
  return allowed && !edge ? undefined : `${name} may not know it`;
}

function layerOf(path: string): [string, Layer] | undefined {
  return Object.entries(layers).find(([, layer]) => belongs(path, layer));
}

function belongs(path: string, { of, but = [] }: Layer): boolean {
  return of.some((start) => path.startsWith(start)) && !but.some((start) => path.startsWith(start));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** One line for each circle of imports, types among them: two files that need each other are one, or lack a third. */
export function cycleFaults(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const faults: string[] = [];
  const visit = (path: string, way: string[]) => {
    const since = way.indexOf(path);
    if (since >= 0) faults.push(`import cycle: ${[...way.slice(since), path].join(" → ")}`);
    if (since >= 0 || done.has(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return faults;
}

const maxLines = 400;

/** Files too long to read, and default exports (their name is whatever each importer calls them). */
export function shapeFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, lines, text }) => {
    const faults: string[] = [];
    if (lines > maxLines) faults.push(`${path} has ${lines} lines; ${maxLines} is the most`);
    if (/^export (default\b|\{[^}]*\bas default\b)/m.test(text)) faults.push(`${path} has a default export: name it`);
    return faults;
  });
}
