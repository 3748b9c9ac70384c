/** The fields of `after` that differ from `before`: what somebody else changed meanwhile is not sent back over it. */
export function changed<T extends object>(before: object, after: T): Partial<T> {
  const old = before as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]),
    ),
  ) as Partial<T>
}
