/** A voice that is broken off or goes on in the middle falls and rises over a few milliseconds: a step would click. */

/** In place: from as it is to silence. */
export function fadeOut(samples: Int16Array): void {
  for (let n = 0; n < samples.length; n++) samples[n] = (samples[n] ?? 0) * (1 - (n + 1) / samples.length);
}

/** In place: from silence to as it is. */
export function fadeIn(samples: Int16Array): void {
  for (let n = 0; n < samples.length; n++) samples[n] = (samples[n] ?? 0) * ((n + 1) / samples.length);
}
