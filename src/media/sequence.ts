/** Sequence numbers of one source, unwrapped and judged (RFC 3550 appendix A.1), and its loss and jitter (A.3, A.8). */

const maxDropout = 3000;
const maxMisorder = 100;
const wrap = 0x1_0000;

export type SequenceState = {
  /** Unwrapped: the first packet's number is itself, each wrap adds 65536. */
  first: number;
  highest: number;
  /** After a wild jump: the number that would prove that the sender has begun anew. */
  suspect: number | undefined;
};

export type Judged = {
  state: SequenceState;
  /** Unwrapped number; undefined if the packet is not to be used. `restarted`: counts begin anew with this packet. */
  sequence: number | undefined;
  restarted: boolean;
};

export function judgeSequence(state: SequenceState | undefined, sequence: number): Judged {
  if (state === undefined) return begin(sequence);
  const ahead = (sequence - state.highest) & 0xffff;
  if (ahead < maxDropout) {
    const unwrapped = state.highest + ahead;
    return { state: { ...state, highest: unwrapped, suspect: undefined }, sequence: unwrapped, restarted: false };
  }
  const behind = wrap - ahead;
  if (behind <= maxMisorder) return { state, sequence: state.highest - behind, restarted: false };
  // A.1: two packets in a row after a very large jump mean that the other side restarted without telling us.
  if (sequence === state.suspect) return { ...begin(sequence), restarted: true };
  return { state: { ...state, suspect: (sequence + 1) & 0xffff }, sequence: undefined, restarted: false };
}

function begin(sequence: number): Judged {
  return { state: { first: sequence, highest: sequence, suspect: undefined }, sequence, restarted: false };
}

/** Interarrival jitter (A.8), in samples. */
export type JitterState = { transit: number | undefined; jitter: number };

/** @param arrival in samples of the media clock, as the timestamp; both modulo 2^32. */
export function stepJitter(state: JitterState, timestamp: number, arrival: number): JitterState {
  const transit = (Math.round(arrival) - timestamp) | 0;
  if (state.transit === undefined) return { transit, jitter: 0 };
  const change = Math.abs((transit - state.transit) | 0);
  return { transit, jitter: state.jitter + (change - state.jitter) / 16 };
}
