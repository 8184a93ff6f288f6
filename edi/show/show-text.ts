import type { ShownElement, ShownFinding, ShownSegment } from './shown-segments';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** A shown segment as lines of text: its place and name, an element a line, what was found under it. */
export function segmentLines(segment: ShownSegment, paint: Paint): readonly string[] {
  const indent = '  '.repeat(segment.depth);
  const number = (segment.position === null ? '' : String(segment.position)).padStart(5);
  const wrong = segment.findings.length > 0;
  return [
    `${wrong ? paint.red('>') : ' '}${paint.dim(number)} ${indent}${paint.bold(segment.id.padEnd(3))}  ${segment.name}`.trimEnd(),
    ...segment.elements.map((element) => elementLine(element, indent, paint)),
    ...segment.findings.map((finding) => findingLine(finding, indent, paint)),
  ];
}

function elementLine({ place, name, value, meaning, faulty }: ShownElement, indent: string, paint: Paint) {
  const label = `${faulty ? paint.red('!') : ' '}         ${indent}${paint.dim(place.padEnd(8))} ${name.padEnd(24)}`;
  const said = meaning === null ? '' : ` ${paint.cyan(`(${meaning})`)}`;
  return `${label} ${faulty ? paint.red(value) : value}${said}`.trimEnd();
}

const findingLine = ({ place, severity, text }: ShownFinding, indent: string, paint: Paint): string => {
  const colour = severity === 'business' ? paint.yellow : paint.red;
  return colour(`!         ${indent}${place}: ${severity === 'syntax' ? '' : `(${severity}) `}${text}`);
};
