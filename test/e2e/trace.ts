/** What a process and its children did to files and sockets, as strace(1) saw it: one file for each thread. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

const calls = [
  "open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,mknod,mknodat",
  "truncate,unlink,unlinkat,chmod,fchmodat,connect,bind,sendto,sendmsg,sendmmsg,execve,memfd_create",
  // Ways around the calls above: they must not be used at all.
  "io_uring_setup,open_by_handle_at,process_vm_writev",
];

/** Put before a command: it stays the direct child (-D), is slowed only at these calls, and no content is written (-s 0). */
export const tracing = (into: string): string[] => [
  ...["strace", "-ff", "-D", "--seccomp-bpf", "-qq", "-y", "-s", "0", "-o", into],
  ...["-e", `trace=${calls.join(",")}`, "-e", "abbrev=execve"],
];

export type Traced = {
  /** Paths of files that were written, made, removed, renamed or linked: the call and the absolute path. */
  written: { call: string; path: string }[];
  /** Where sockets connected, were bound or sent to. */
  sockets: { call: string; family: string; address: string }[];
  executed: string[];
  /** Calls that go around what is traced here. */
  evasive: string[];
};

export function readTrace(into: string, workingFolder: string): Traced {
  const traced: Traced = { written: [], sockets: [], executed: [], evasive: [] };
  const files = readdirSync(dirname(into)).filter((name) => name.startsWith(`${basename(into)}.`));
  for (const file of files) {
    for (const line of readFileSync(join(dirname(into), file), "utf8").split("\n"))
      readLine(line, workingFolder, traced);
  }
  return traced;
}

/** True once every traced thread has ended. */
export function isComplete(into: string, isAlive: (pid: number) => boolean): boolean {
  return readdirSync(dirname(into))
    .filter((name) => name.startsWith(`${basename(into)}.`))
    .every((name) => !isAlive(Number(name.split(".").at(-1))));
}

function readLine(line: string, workingFolder: string, traced: Traced): void {
  const [, call, args = "", result = ""] = /^(\w+)\((.*)\) += (.*)$/.exec(line) ?? [];
  if (call === undefined || result.startsWith("-1")) return;
  switch (call) {
    case "open":
    case "openat":
    case "openat2":
    case "creat": {
      if (call !== "creat" && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE/.test(args)) return;
      traced.written.push({ call, path: /<(.*)>/.exec(result)?.[1] ?? result });
      return;
    }
    case "execve":
      traced.executed.push(firstString(args));
      return;
    case "connect":
    case "bind":
    case "sendto":
    case "sendmsg":
    case "sendmmsg":
      traced.sockets.push(...addressesIn(args).map((address) => ({ call, ...address })));
      return;
    case "memfd_create": // memory, but a library or a program can be put into it
    case "io_uring_setup":
    case "open_by_handle_at":
    case "process_vm_writev":
      traced.evasive.push(call);
      return;
    default:
      for (const path of pathsIn(args, workingFolder)) traced.written.push({ call, path });
  }
}

const firstString = (args: string): string => /"((?:[^"\\]|\\.)*)"/.exec(args)?.[1] ?? "";

/** Quoted paths, each against the folder that stands before it (`AT_FDCWD<…>`, `3<…>`) or the working folder. */
function pathsIn(args: string, workingFolder: string): string[] {
  return [...args.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)].map(([, folder, path]) =>
    resolve(folder ?? workingFolder, path ?? ""),
  );
}

function addressesIn(args: string): { family: string; address: string }[] {
  return [...args.matchAll(/\{sa_family=(AF_\w+)([^}]*)\}/g)].map(([, family = "", rest = ""]) => ({
    family,
    address:
      /inet_addr\("([^"]*)"\)/.exec(rest)?.[1] ??
      /inet_pton\(AF_INET6, "([^"]*)"/.exec(rest)?.[1] ??
      /sun_path=@?"([^"]*)"/.exec(rest)?.[1] ??
      "",
  }));
}
