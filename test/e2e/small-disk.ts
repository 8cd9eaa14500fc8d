/** A disk of a few megabytes that can be filled: a tmpfs, where this user may mount one. */
import { closeSync, openSync, statfsSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolders, removeFolders } from "./appliance.ts";

/** @returns whether it could be mounted. */
export function mountSmallDisk(folder: string, megabytes: number): boolean {
  const options = `size=${megabytes}m,mode=700`;
  return Bun.spawnSync(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]).exitCode === 0;
}

export function unmount(folder: string): void {
  Bun.spawnSync(["umount", folder]);
}

/** Whether this machine lets us. */
export const maysMount = process.getuid?.() === 0 && triesToMount();
/** For the name of a test that is left out where it does not. */
export const leftOutWhy = maysMount ? "" : " (left out: no small tmpfs may be mounted here)";

function triesToMount(): boolean {
  const folders = makeFolders();
  const mounted = mountSmallDisk(folders.data, 1);
  if (mounted) unmount(folders.data);
  removeFolders(folders);
  return mounted;
}

/** Takes all that is free on the disk of `path`. @throws if something is left. */
export function fillDisk(path: string): void {
  const block = Buffer.alloc(1 << 20);
  const fd = openSync(path, "w");
  try {
    for (let size = block.length; size >= 1; ) {
      try {
        writeSync(fd, block.subarray(0, size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(fd);
  }
  if (statfsSync(dirname(path)).bavail > 0) throw new Error("the disk is not full");
}
