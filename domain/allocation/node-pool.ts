interface Group {
  readonly allows: (nodeId: string) => boolean;
  /** By node: units that it has of it. */
  readonly from: Map<string, number>;
}

interface Hop {
  readonly group: Group;
  readonly node: string;
  /** The node whose units the group gives up for those of `node`; null: it is the one who asks. */
  readonly leaves: string | null;
}

/**
 * Units of an item at several nodes, given to one after the other. Who came first keeps as much as it got; at which nodes
 * gives way to those who may have it from fewer. So the most is served that can be, in the order of asking.
 */
export class NodePool {
  readonly #free: Map<string, number>;
  readonly #groups = new Map<string, Group>();

  constructor(free: ReadonlyMap<string, number>) {
    this.#free = new Map(free);
  }

  /** What nobody has been given, by node. */
  get free(): ReadonlyMap<string, number> {
    return this.#free;
  }

  get left(): number {
    return [...this.#free.values()].reduce((sum, units) => sum + units, 0);
  }

  /** @param nodes they may come from; null: any @returns units that it got, at most what it asked for */
  take(nodes: readonly string[] | null, units: number): number {
    const group = this.#groupOf(nodes);
    let open = units;
    while (open > 0) {
      const way = this.#wayTo(group);
      if (way === null) break;
      open -= this.#give(way, open);
    }
    return units - open;
  }

  #groupOf(nodes: readonly string[] | null): Group {
    const key = nodes === null ? '' : JSON.stringify([...nodes].sort());
    const known = this.#groups.get(key);
    if (known) return known;
    const group = { allows: (node: string) => nodes === null || nodes.includes(node), from: new Map() };
    this.#groups.set(key, group);
    return group;
  }

  /** The shortest way to units that nobody has, over those who could have theirs from elsewhere. */
  #wayTo(asking: Group): readonly Hop[] | null {
    const came = new Map<string, Hop>();
    const reach = (group: Group, leaves: string | null) => {
      for (const node of this.#free.keys())
        if (!came.has(node) && group.allows(node)) came.set(node, { group, node, leaves });
    };
    reach(asking, null);
    // A map is gone through in the order of entry, with what is entered meanwhile.
    for (const node of came.keys()) {
      if ((this.#free.get(node) ?? 0) > 0) return wayBack(came, node);
      for (const group of this.#groups.values()) if ((group.from.get(node) ?? 0) > 0) reach(group, node);
    }
    return null;
  }

  #give(way: readonly Hop[], most: number): number {
    const last = way.at(-1) as Hop;
    const units = Math.min(
      most,
      this.#free.get(last.node) ?? 0,
      ...way.map(({ group, leaves }) => (leaves === null ? most : (group.from.get(leaves) ?? 0))),
    );
    for (const { group, node, leaves } of way) {
      group.from.set(node, (group.from.get(node) ?? 0) + units);
      if (leaves !== null) group.from.set(leaves, (group.from.get(leaves) ?? 0) - units);
    }
    this.#free.set(last.node, (this.#free.get(last.node) ?? 0) - units);
    return units;
  }
}

function wayBack(came: ReadonlyMap<string, Hop>, end: string): readonly Hop[] {
  const way: Hop[] = [];
  for (let node: string | null = end; node !== null; ) {
    const hop = came.get(node) as Hop;
    way.unshift(hop);
    node = hop.leaves;
  }
  return way;
}
