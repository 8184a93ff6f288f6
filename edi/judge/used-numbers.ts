/** 2^15 numbers a page: 4 KB. */
const pageBits = 15;
const pageMask = (1 << pageBits) - 1;
/** Numbers that are texts are kept as they are; so many in one group are no traffic, and no repeat among them is looked for. */
const mostTexts = 1_000_000;

/** Control numbers that are used: a million of them, one after the other as they are, take some hundred kilobytes. */
export class UsedNumbers {
  private readonly pages = new Map<number, Uint32Array>();
  private readonly texts = new Set<string>();

  has(number: string): boolean {
    const value = numberOf(number);
    if (value === null) return this.texts.has(number);
    const page = this.pages.get(value >>> pageBits);
    return page !== undefined && ((page[wordOf(value)] as number) & bitOf(value)) !== 0;
  }

  add(number: string): void {
    const value = numberOf(number);
    if (value === null) {
      if (this.texts.size < mostTexts) this.texts.add(number);
      return;
    }
    const at = value >>> pageBits;
    let page = this.pages.get(at);
    if (page === undefined) {
      page = new Uint32Array((pageMask + 1) / 32);
      this.pages.set(at, page);
    }
    const word = wordOf(value);
    page[word] = (page[word] as number) | bitOf(value);
  }

  addAll(others: UsedNumbers): void {
    for (const text of others.texts) this.add(text);
    for (const [at, page] of others.pages) {
      const own = this.pages.get(at);
      if (own === undefined) this.pages.set(at, page);
      else page.forEach((word, index) => (own[index] = (own[index] as number) | word));
    }
  }
}

/** "0001" and "1" are one control number; a text that is no number of at most nine digits is itself. */
function numberOf(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

const wordOf = (value: number): number => (value & pageMask) >>> 5;
const bitOf = (value: number): number => 1 << (value & 31);
