/** What we use of the Navigation API, which the types do not know yet. */
interface Navigation extends EventTarget {
  readonly transition: object | null;
}

export const navigation = (globalThis as unknown as { navigation?: Navigation }).navigation;
