import { ByteSpool } from './byte-spool';

const readBytes = 256 * 1024;

/** Lines that are put aside, and then read once from the first to the last. */
export class LineSpool {
  count = 0;
  private readonly bytes = new ByteSpool();

  add(line: string): void {
    this.count += 1;
    this.bytes.add(`${line}\n`);
  }

  /** @returns the next line with every call, '' behind the last */
  reader(): () => string {
    const lines = linesOf(this.bytes);
    return () => lines.next().value ?? '';
  }

  clear(): void {
    this.count = 0;
    this.bytes.cutBackTo(0);
  }

  close(): void {
    this.bytes.close();
  }
}

function* linesOf(bytes: ByteSpool): Generator<string, undefined> {
  let rest: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += readBytes) {
    const chunk = bytes.read(at, at + readBytes);
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  return undefined;
}
