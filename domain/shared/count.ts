/** "1 unit", "3 units", "no units": a number of things as people say it. `many` where it is not an s more. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  if (count === 0) return `no ${many}`;
  return `${count} ${count === 1 ? one : many}`;
}
