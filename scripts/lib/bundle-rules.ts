/**
 * What must not be in the executable: anything of test/ (the caller that places calls lives there), and code that could
 * place a call of its own. Gatehouse answers; a machine in an office that could dial is a machine worth breaking into.
 *
 * @param modules As the bundler names them, relative to the repository.
 * @param texts Bundled program text, searched for the signs of a SIP client that begins a dialog.
 * @returns One line per fault; none is right.
 */
export function bundleFaults(modules: readonly string[], texts: readonly string[]): string[] {
  const faults: string[] = [];
  for (const module of modules) {
    const first = allowedRoots.find((root) => module.startsWith(root));
    if (first === undefined) faults.push(`${module} is bundled; only ${allowedRoots.join(", ")} may be`);
    if (callingModule.test(module)) faults.push(`${module} looks like code that places calls`);
  }
  if (modules.length === 0) faults.push("the bundler named no modules, so nothing was checked");
  for (const text of texts) {
    for (const { sign, means } of callingSigns) {
      const found = text.match(sign);
      if (found !== null) faults.push(`the program text has "${found[0]}": ${means}`);
    }
  }
  return faults;
}

const allowedRoots = ["src/", "node_modules/", "package.json"] as const;

/** SIP.js and others call it user agent client, invite client transaction, caller, dialler. */
const callingModule =
  /^src\/(.*\/)?(uac|user-agent-client|invite-client[\w-]*|caller|dialler|dialer|place-call)(\.|\/)/;

const callingSigns = [
  { sign: /INVITE (sips?:|\$\{)/, means: "the request line of a call being placed" },
  { sign: /[\w$]\("INVITE",/, means: "a request of that method being made" },
];
