/** Questions overtake each other: only the answer to the last one asked may be shown. */
export function latest(): () => () => boolean {
  let last = 0
  return () => {
    const mine = ++last
    return () => mine === last
  }
}
