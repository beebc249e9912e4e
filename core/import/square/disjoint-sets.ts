/** Union-find over the numbers 0 … size-1: which of them belong together, whatever order they were joined in. */
export interface DisjointSets {
  /** The one number that stands for the whole set: its smallest. */
  find(item: number): number;
  /** True when that made one set of two. */
  join(a: number, b: number): boolean;
}

export function disjointSets(size: number): DisjointSets {
  const parent = Int32Array.from({ length: size }, (_, index) => index);
  function find(item: number): number {
    let root = item;
    for (let up = parent[root] ?? root; up !== root; up = parent[root] ?? root) {
      parent[root] = parent[up] ?? up;
      root = up;
    }
    return root;
  }
  function join(a: number, b: number): boolean {
    const [rootA, rootB] = [find(a), find(b)];
    parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    return rootA !== rootB;
  }
  return { find, join };
}
