/**
 * Names that the conversation expects, as a trie of tokens that lifts a beam's hypotheses while they follow one of them
 * (shallow fusion). A lift for a name that breaks off is taken back, so a text gains from whole names only.
 */
export type Bias = {
  /** Where nothing of a name has been said. */
  readonly root: BiasNode;
};

export type BiasNode = {
  readonly next: ReadonlyMap<number, BiasNode>;
  /** Lift since the root, to be taken back if the name breaks off here. */
  readonly pending: number;
  /** A name ends here: nothing is taken back. */
  readonly isEnd: boolean;
};

/** Natural-log units a token. Measured, see docs/decisions/0004. */
export const liftPerToken = 1;

/** @param names Each as its tokens; empty ones are left out. */
export function biasTo(names: readonly (readonly number[])[], lift = liftPerToken): Bias {
  type Growing = { next: Map<number, Growing>; pending: number; isEnd: boolean };
  const root: Growing = { next: new Map(), pending: 0, isEnd: false };
  for (const name of names) {
    let node = root;
    for (const [index, token] of name.entries()) {
      let next = node.next.get(token);
      if (next === undefined) {
        next = { next: new Map(), pending: lift * (index + 1), isEnd: false };
        node.next.set(token, next);
      }
      node = next;
    }
    if (node !== root) node.isEnd = true;
  }
  return { root };
}

/**
 * @returns Where `token` leads from `node`, and by how much it changes the score. Past a whole name its lift is kept;
 *   past a part of one it is taken back, and a new name may begin with this very token.
 */
export function follow(bias: Bias, node: BiasNode, token: number): { node: BiasNode; lift: number } {
  const along = node.next.get(token);
  if (along !== undefined) return { node: along, lift: along.pending - node.pending };
  const lost = node.isEnd ? 0 : node.pending;
  const anew = bias.root.next.get(token);
  return anew === undefined ? { node: bias.root, lift: -lost } : { node: anew, lift: anew.pending - lost };
}

/** What an end of text at `node` takes back. */
export const unfinished = (node: BiasNode): number => (node.isEnd ? 0 : node.pending);
