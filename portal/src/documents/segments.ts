/** One segment of an interchange as its bytes say it. */
export interface Segment {
  readonly text: string;
  readonly id: string;
  /** Counted from ST = 1 within its set; null outside of sets. */
  readonly position: number | null;
  /** ST02 of the set it lies in. */
  readonly setControlNumber: string | null;
}

/** Only for showing: the hub's own reader has judged the bytes already. Null where there is no ISA to tell the separators. */
export function splitSegments(raw: string): readonly Segment[] | null {
  const start = raw.indexOf('ISA');
  if (start < 0 || raw.length < start + 106) return null;
  const element = raw.charAt(start + 3);
  const terminator = raw.charAt(start + 105);
  let set: string | null = null;
  let position = 0;
  return raw
    .slice(start)
    .split(terminator)
    .map((text) => text.replace(/^[\r\n\s]+/, ''))
    .filter((text) => text !== '')
    .map((text) => {
      const [id = '', , second = ''] = text.split(element);
      if (id === 'ST') {
        set = second;
        position = 0;
      }
      if (set !== null) position++;
      const segment: Segment = {
        text: `${text}${terminator}`,
        id,
        position: set === null ? null : position,
        setControlNumber: set,
      };
      if (id === 'SE') set = null;
      return segment;
    });
}
