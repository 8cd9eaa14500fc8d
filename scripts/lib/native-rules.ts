/**
 * What no native library in the executable may be able to do. ONNX Runtime's packages from 1.29 on hold a client that
 * reports to its maker (github.com/microsoft/onnxruntime/pull/27379): it looked up a name and wrote to $HOME on every
 * start. An environment variable switches it off; a library that cannot do it needs no variable.
 */

/** Names of the system's functions that reach another machine, as a dynamic symbol table spells them. */
const reachingOut = ["getaddrinfo", "gethostbyname", "socket", "connect", "sendto"];

/**
 * @param path For the message.
 * @param content The library (ELF): imported functions stand in its string table, each between two zero bytes.
 * @returns One line per fault; none is right.
 */
export function nativeFaults(path: string, content: Uint8Array): string[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return reachingOut
    .filter((name) => bytes.includes(Buffer.from(`\0${name}\0`, "latin1")))
    .map((name) => `${path} calls ${name}: it could send something out of the building`);
}
