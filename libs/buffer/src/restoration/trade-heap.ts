/** A set of trades that waits to be looked at: another set and one step more of a move. */
export interface TradeNode {
  readonly parent: TradeNode | null;
  /** Move of the last step; only it and later moves may still grow, so that every set is met once. */
  readonly place: number;
  readonly cost: number;
  /** No set that grows out of this one complies at less than this. */
  readonly bound: number;
  readonly contracts: number;
}

/** Waiting sets, the one with the least bound first; ties by fewer contracts, then by the one that came first. */
export class TradeHeap {
  private readonly entries: { readonly node: TradeNode; readonly order: number }[] = [];
  private pushed = 0;

  push(node: TradeNode): void {
    const { entries } = this;
    this.pushed += 1;
    const entry = { node, order: this.pushed };
    let place = entries.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(entry, entries[parent] as Entry)) break;
      entries[place] = entries[parent] as Entry;
      place = parent;
    }
    entries[place] = entry;
  }

  pop(): TradeNode | undefined {
    const { entries } = this;
    const first = entries[0]?.node;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isBefore(entries[child + 1] as Entry, entries[child] as Entry)) child += 1;
      if (!isBefore(entries[child] as Entry, last)) break;
      entries[place] = entries[child] as Entry;
      place = child;
    }
    entries[place] = last;
    return first;
  }
}

interface Entry {
  readonly node: TradeNode;
  readonly order: number;
}

function isBefore({ node: left, order: leftOrder }: Entry, { node: right, order: rightOrder }: Entry): boolean {
  if (left.bound !== right.bound) return left.bound < right.bound;
  if (left.contracts !== right.contracts) return left.contracts < right.contracts;
  return leftOrder < rightOrder;
}
