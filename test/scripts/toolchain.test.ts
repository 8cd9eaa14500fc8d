import { expect, test } from "bun:test";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryTree } from "./temporary-tree.ts";

const repository = join(import.meta.dir, "../..");
const usable = ["scripts/build", "scripts/demo", "scripts/test"];

/** A PATH on which these commands come first, as shell scripts, and nothing but the system's own follows. */
function commands(scripts: Record<string, string>) {
  const tree = temporaryTree(
    Object.fromEntries(Object.entries(scripts).map(([name, body]) => [name, `#!/bin/sh\n${body}\n`])),
  );
  for (const name of Object.keys(scripts)) chmodSync(join(tree.path, name), 0o755);
  return tree;
}

/** Runs `script` after the shell libraries were read, with `repository` set as the scripts set it. */
function shell(script: string, path: string, root = repository) {
  const libraries = `. "${repository}/scripts/lib/toolchain.sh"; . "${repository}/scripts/lib/debian.sh"`;
  const ran = Bun.spawnSync(["/bin/bash", "-c", `set -euo pipefail; repository='${root}'; ${libraries}; ${script}`], {
    env: { PATH: path, HOME: "/nonexistent" },
    cwd: "/",
  });
  return { code: ran.exitCode, out: ran.stdout.toString(), err: ran.stderr.toString() };
}

const systemPath = ["/usr/bin", "/bin"].join(delimiter);

test.each(usable)("%s --help says how it is used, on any machine, and does nothing", (script) => {
  using other = commands({ uname: "echo Darwin", npm: "exit 9", bun: "exit 9" });

  const ran = Bun.spawnSync([join(repository, script), "--help"], { env: { PATH: `${other.path}:${systemPath}` } });

  expect(ran.exitCode).toBe(0);
  expect(ran.stdout.toString()).toStartWith(`usage: ${script}`);
});

test.each([
  ["macOS", 'case "$1" in -s) echo Darwin;; *) echo arm64;; esac'],
  ["Linux on arm64", 'case "$1" in -s) echo Linux;; *) echo aarch64;; esac'],
])("on %s every script says so at once and exits 2", (_system, uname) => {
  using other = commands({ uname, npm: "echo installed >&2", bun: "echo installed >&2" });

  for (const script of [...usable, ".ci/run"]) {
    const ran = Bun.spawnSync([join(repository, script)], { env: { PATH: `${other.path}:${systemPath}` } });
    expect({ script, code: ran.exitCode }).toEqual({ script, code: 2 });
    expect(ran.stderr.toString()).toContain("Linux on x86-64 only");
    expect(ran.stderr.toString()).not.toContain("installed");
  }
});

test("a C library other than GNU's is named", () => {
  using other = commands({ getconf: "exit 1" });

  const { code, err } = shell("require_platform", `${other.path}:${systemPath}`);

  expect(code).toBe(2);
  expect(err).toContain("GNU C library");
});

test("the version of Bun is the one of package.json", async () => {
  const { devDependencies } = await Bun.file(join(repository, "package.json")).json();

  expect(shell("bun_version", systemPath).out.trim()).toBe(devDependencies.bun);
});

/** A repository of which nothing is installed, and a directory of the few system commands that set-up uses. */
function freshMachine(scripts: Record<string, string>) {
  const tree = temporaryTree({ "package.json": readFileSync(join(repository, "package.json"), "utf8") });
  const bin = join(tree.path, "bin");
  mkdirSync(bin);
  for (const name of ["sed", "head", "dirname", "mkdir", "cat", "uname", "getconf", "sh", "chmod", "rm", "ln", "cp"]) {
    symlinkSync(Bun.which(name) ?? `/bin/${name}`, join(bin, name));
  }
  using made = commands(scripts);
  for (const name of Object.keys(scripts)) cpSync(join(made.path, name), join(bin, name));
  return { root: tree.path, path: bin, [Symbol.dispose]: () => tree[Symbol.dispose]() };
}

/** What a registry's client leaves behind: a program that answers with the version asked for. */
const installs = (version: string) =>
  `mkdir -p node_modules/.bin; printf '#!/bin/sh\\necho ${version}\\n' > node_modules/.bin/bun; chmod +x node_modules/.bin/bun`;
const version = shell("bun_version", systemPath).out.trim();

test("with npm alone, the pinned Bun is installed into .tools/ and comes first", () => {
  using machine = freshMachine({ npm: `cd "$3"; ${installs(version)}` });

  const { code, out, err } = shell("bring_bun; bun --version; command -v bun", machine.path, machine.root);

  expect({ code, out }).toEqual({ code: 0, out: `${version}\n${machine.root}/.tools/node_modules/.bin/bun\n` });
  expect(err).toContain(`installing bun ${version} with npm`);
});

test("with another version of Bun alone, that one installs the pinned one", () => {
  using machine = freshMachine({ bun: `[ "$1" = --version ] && { echo 1.0.0; exit; }; ${installs(version)}` });

  const { out, err } = shell("bring_bun; bun --version", machine.path, machine.root);

  expect(out.trim()).toBe(version);
  expect(err).toContain(`installing bun ${version} with bun 1.0.0`);
});

test("with the pinned Bun there is nothing to do", () => {
  using machine = freshMachine({ bun: `echo ${version}`, npm: "exit 9" });

  expect(shell("bring_bun; bun --version", machine.path, machine.root)).toEqual({
    code: 0,
    out: `${version}\n`,
    err: "",
  });
});

test.each([
  ["neither npm nor Bun", {}, "Neither npm nor bun is on the PATH"],
  ["a registry that is out of reach", { npm: "exit 1" }, "is the npm registry reachable?"],
  ["an install that leaves no Bun behind", { npm: "exit 0" }, "does not run there"],
])("with %s it says what to do and exits 2", (_case, scripts, words) => {
  using machine = freshMachine(scripts as Record<string, string>);

  const { code, err } = shell("bring_bun", machine.path, machine.root);

  expect(code).toBe(2);
  expect(err).toContain(words);
});

const lists = `printf "absent: %s\\n" "\${absent[*]}"`;

test("without root and sudo, absent programs are named and nothing is installed", () => {
  using machine = freshMachine({ id: "echo 1000", sudo: "exit 1", "apt-get": "echo installed >&2" });

  const { code, out, err } = shell(`bring_debian_tools sipp baresip; ${lists}`, machine.path, machine.root);

  expect({ code, out }).toEqual({ code: 0, out: "absent: sipp baresip\n" });
  expect(err).toContain("not installing sipp baresip: neither root nor sudo without a password");
  expect(err).not.toContain("installed");
});

test("as root, absent programs are installed by the names of their packages", () => {
  using machine = freshMachine({
    id: "echo 0",
    env: 'shift; exec "$@"',
    "apt-get": 'case "$*" in *sip-tester*) cd "$(dirname "$0")"; printf "#!/bin/sh\\n" > sipp; chmod +x sipp;; esac',
  });

  const { code, out, err } = shell(`bring_debian_tools sipp; ${lists}`, machine.path, machine.root);

  expect({ code, out }).toEqual({ code: 0, out: "absent: \n" });
  expect(err).toContain("installing from Debian: sip-tester");
});
