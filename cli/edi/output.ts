/** Written at once. */
const pieceLength = 64 * 1024;

/** Standard output, for much text in small parts. */
export class Output {
  private readonly encoding: BufferEncoding;
  private parts: string[] = [];
  private length = 0;

  /** X12 goes out in latin1, what is for people or programs in UTF-8. */
  constructor(encoding: 'utf8' | 'latin1') {
    this.encoding = encoding;
  }

  add(text: string): void {
    this.parts.push(text);
    this.length += text.length;
    if (this.length >= pieceLength) this.flush();
  }

  flush(): void {
    if (this.length > 0) process.stdout.write(this.parts.join(''), this.encoding);
    this.parts = [];
    this.length = 0;
  }
}
