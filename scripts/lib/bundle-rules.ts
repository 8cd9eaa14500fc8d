/**
 * What must not be in the executable: anything of test/ (the caller that places calls lives there), and code that could
 * place a call of its own. Gatehouse answers; a machine in an office that could dial is a machine worth breaking into.
 * Outside a dialog it says REGISTER and nothing else. Within one, which a caller began, one place makes the requests, and
 * BYE is the only method that it is given.
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
    faults.push(...requestLineFaults(text));
    for (const { sign, means } of callingSigns) {
      const found = text.match(sign);
      if (found !== null) faults.push(`the program text has "${found[0]}": ${means}`);
    }
  }
  return faults;
}

/** Every request line that the program can write, as the bundler leaves it: `METHOD ${uri} SIP/2.0`. */
const requestLine = /`(\$\{[^}`]*\}|[A-Za-z]+) \$\{[^}`]*\} SIP\/2\.0/g;

function requestLineFaults(text: string): string[] {
  const methods = [...text.matchAll(requestLine)].map(([, method = ""]) => method);
  const named = methods.filter((method) => !method.startsWith("$") && method !== "REGISTER");
  const any = methods.filter((method) => method.startsWith("$"));
  return [
    ...named.map((method) => `the program text makes a request of method ${method}; only REGISTER may be made by name`),
    ...(any.length > 1
      ? [`the program text makes requests of any method in ${any.length} places; one is the dialog's`]
      : []),
  ];
}

const allowedRoots = ["src/", "node_modules/", "package.json"] as const;

/** SIP.js and others call it user agent client, invite client transaction, caller, dialler. */
const callingModule =
  /^src\/(.*\/)?(uac|user-agent-client|invite-client[\w-]*|caller|dialler|dialer|place-call)(\.|\/)/;

const callingSigns = [
  { sign: /INVITE (sips?:|\$\{)/, means: "the request line of a call being placed" },
  { sign: /[\w$]\("INVITE",/, means: "a request of that method being made" },
  { sign: /\bmethod:"(INVITE|REFER|SUBSCRIBE|NOTIFY|MESSAGE|PUBLISH)"/, means: "a client transaction of that method" },
  { sign: /\.dialog,"(?!BYE")[A-Z]+"/, means: "a request within a dialog that is no BYE" },
];
