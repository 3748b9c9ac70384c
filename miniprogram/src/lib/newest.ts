/**
 * Of answers that overtake each other on the way only the one asked for last counts.
 * @returns a function that resolves to the answer, or to null when something was asked for since.
 */
export function onlyNewest<T>(): (asked: Promise<T>) => Promise<T | null> {
  let last = 0
  return async (asked) => {
    const turn = ++last
    const answer = await asked
    return turn === last ? answer : null
  }
}
