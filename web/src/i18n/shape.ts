/** What every other language must have: the same keys, text at each. Placeholders are compared by a test. */
export type Shape<T> = { readonly [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
