/** What the app uses and the oldest browsers of the build target lack: change by copy (ES2023; Chrome 110, Safari 16). */
type Order<T> = (a: T, b: T) => number;

const BY_COPY = {
  toSorted<T>(this: readonly T[], order?: Order<T>): T[] {
    return [...this].sort(order);
  },
  toReversed<T>(this: readonly T[]): T[] {
    return [...this].reverse();
  },
  with<T>(this: readonly T[], at: number, value: T): T[] {
    const copy = [...this];
    copy[at < 0 ? copy.length + at : at] = value;
    return copy;
  },
};

/** Give a prototype what it lacks; what it has stays. */
export function lend(prototype: object): void {
  for (const [name, value] of Object.entries(BY_COPY)) {
    if (!(name in prototype)) Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
}
