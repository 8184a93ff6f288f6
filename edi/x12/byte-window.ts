/** A part of what streams by; offsets are those in the whole file. */
export class ByteWindow {
  bytes: Buffer = Buffer.alloc(0);
  /** offset in the file of the first byte held */
  base = 0;
  /** true once the last byte is held */
  ended = false;
  private readonly source: AsyncIterator<Uint8Array>;
  private memory: Buffer = Buffer.alloc(0);
  /** of `bytes` in `memory` */
  private start = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.source = chunks[Symbol.asyncIterator]();
  }

  get end(): number {
    return this.base + this.bytes.length;
  }

  at(offset: number): number {
    return this.bytes[offset - this.base] as number;
  }

  async more(): Promise<void> {
    const next = await this.source.next();
    if (next.done === true) this.ended = true;
    else this.append(next.value);
  }

  /** Holds everything up to `offset`, as far as there is that much. */
  async reach(offset: number): Promise<void> {
    while (!this.ended && this.end < offset) await this.more();
  }

  /** One piece of memory serves for all that streams by; what is held moves to its front when its end is reached. */
  private append(chunk: Uint8Array): void {
    const held = this.bytes.length;
    const needed = held + chunk.length;
    if (this.start + needed > this.memory.length) {
      const memory =
        needed * 2 > this.memory.length ? Buffer.allocUnsafeSlow(Math.max(needed * 4, 65_536)) : this.memory;
      memory.set(this.bytes);
      this.memory = memory;
      this.start = 0;
    }
    this.memory.set(chunk, this.start + held);
    this.bytes = this.memory.subarray(this.start, this.start + needed);
  }

  /** What lies before `offset` is needed no longer. */
  forget(offset: number): void {
    if (offset <= this.base) return;
    this.bytes = this.bytes.subarray(offset - this.base);
    this.start += offset - this.base;
    this.base = offset;
  }
}

/** The next place of a text; what was searched is not searched again, whoever asks how often. */
export class NextText {
  private readonly window: ByteWindow;
  private readonly text: string;
  private found = -1;
  private searchedTo = 0;

  constructor(window: ByteWindow, text: string) {
    this.window = window;
    this.text = text;
  }

  /** -1 where what is held does not have it. */
  from(offset: number): number {
    if (this.found >= offset) return this.found;
    const { window, text } = this;
    const start = Math.max(offset, this.searchedTo - text.length + 1, window.base);
    const at = window.bytes.indexOf(text, start - window.base, 'latin1');
    this.found = at === -1 ? -1 : window.base + at;
    this.searchedTo = at === -1 ? window.end : this.found + text.length;
    return this.found;
  }
}
