/** "1 unit", "3 units", "no units": a number of things as people say it. `many` where it is not an s more. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  if (count === 0) return `no ${many}`;
  return `${count} ${count === 1 ? one : many}`;
}

/** The verb to a number of things: "1 unit is", "3 units are". */
export const beOf = (count: number): 'is' | 'are' => (count === 1 ? 'is' : 'are');
export const pastBeOf = (count: number): 'was' | 'were' => (count === 1 ? 'was' : 'were');
