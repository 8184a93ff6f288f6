import { formatCount, formatDate } from '../parts/format';

interface Point {
  readonly date: string;
  readonly available: number;
}

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 56;
const BOTTOM = 28;
const TOP = 24;
const DAY_MS = 86_400_000;

/** What can be promised from each day on: a level until something comes in. The table below says the same in numbers. */
export function PromiseChart({ points }: { readonly points: readonly Point[] }) {
  const [first] = points;
  if (!first) return null;
  const start = Date.parse(first.date);
  const last = Date.parse(points.at(-1)?.date ?? first.date);
  // Beyond the last change the level goes on: a seventh of the width says so.
  const days = Math.max(7, Math.round(((last - start) / DAY_MS) * 1.15));
  const highest = Math.max(1, ...points.map((point) => point.available));
  const x = (date: string) => LEFT + ((Date.parse(date) - start) / DAY_MS / days) * (WIDTH - LEFT - 8);
  const y = (available: number) => TOP + (1 - available / highest) * (HEIGHT - TOP - BOTTOM);
  const steps = points.map((point, at) => {
    const until = points[at + 1];
    return `H ${x(point.date)} V ${y(point.available)} H ${until === undefined ? WIDTH - 8 : x(until.date)}`;
  });
  const line = `M ${x(first.date)} ${y(first.available)} ${steps.join(' ')}`;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Can be promised: ${points.map((point) => `${formatCount(point.available)} from ${formatDate(point.date)}`).join(', ')}`}
      className="promise-chart"
    >
      <line x1={LEFT} x2={WIDTH - 8} y1={y(0)} y2={y(0)} className="promise-axis" />
      <text x={LEFT - 8} y={y(0) + 4} textAnchor="end">
        0
      </text>
      <text x={LEFT - 8} y={y(highest) + 4} textAnchor="end">
        {formatCount(highest)}
      </text>
      <path d={`${line} V ${y(0)} H ${x(first.date)} Z`} className="promise-area" />
      <path d={line} className="promise-line" />
      {points.map((point, at) => (
        <g key={point.date}>
          <circle cx={x(point.date)} cy={y(point.available)} r={3.5} className="promise-point" />
          {(at === 0 || x(point.date) - x(points[at - 1]?.date ?? first.date) > 58) && (
            <text x={x(point.date)} y={HEIGHT - 8} textAnchor={at === 0 ? 'start' : 'middle'}>
              {at === 0 ? 'today' : formatDate(point.date)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
