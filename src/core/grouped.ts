/** Lists in which much is looked up: put in order once, and not gone through again for each of their elements. */

/** The elements by a key, in their order. */
export function grouped<T, K>(list: readonly T[], keyOf: (element: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const element of list) {
    const key = keyOf(element);
    const group = groups.get(key);
    if (group) group.push(element);
    else groups.set(key, [element]);
  }
  return groups;
}

/** What is made of a list that does not change, made once for each. */
export function onceFor<L extends object, V>(make: (list: L) => V): (list: L) => V {
  const made = new WeakMap<L, { value: V }>();
  return (list) => {
    const known = made.get(list) ?? { value: make(list) };
    made.set(list, known);
    return known.value;
  };
}
