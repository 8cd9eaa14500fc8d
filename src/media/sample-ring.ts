/** The last so many samples of a stream, found by their position since its beginning. */
export type SampleRing = {
  push(samples: Float32Array): void;
  /** A copy. Positions that are gone, or not yet there, are left out. */
  slice(from: number, to: number): Float32Array<ArrayBuffer>;
};

export function createSampleRing(capacity: number): SampleRing {
  const ring = new Float32Array(capacity);
  let end = 0;
  return {
    push(samples) {
      const kept = samples.subarray(Math.max(0, samples.length - capacity));
      end += samples.length - kept.length;
      const at = end % capacity;
      const room = Math.min(kept.length, capacity - at);
      ring.set(kept.subarray(0, room), at);
      ring.set(kept.subarray(room), 0);
      end += kept.length;
    },
    slice(from, to) {
      const first = Math.max(from, end - capacity, 0);
      const last = Math.min(to, end);
      const out = new Float32Array(Math.max(0, last - first));
      for (let done = 0; done < out.length; ) {
        const at = (first + done) % capacity;
        const part = ring.subarray(at, Math.min(capacity, at + out.length - done));
        out.set(part, done);
        done += part.length;
      }
      return out;
    },
  };
}
