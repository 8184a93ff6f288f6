/** Degrees, north and east positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const PI = 3.141592653589793;
const RADIUS_KM = 6371;

/**
 * Whole kilometres between two places along the great circle. Only additions, multiplications, divisions and square
 * roots, which IEEE 754 rounds the same on every machine; the engine's own sine is not promised to.
 */
export function distanceKm(from: Place, to: Place): number {
  const [a, b] = [onSphere(from), onSphere(to)];
  const chord = Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2);
  return Math.round(2 * RADIUS_KM * arcsine(Math.min(1, chord / 2)));
}

function onSphere({ latitude, longitude }: Place) {
  const [phi, lambda] = [(latitude * PI) / 180, (longitude * PI) / 180];
  return { x: cosine(phi) * cosine(lambda), y: cosine(phi) * sine(lambda), z: sine(phi) };
}

/** Taylor's series, for at most a half turn either way. */
function sine(angle: number): number {
  const folded = angle > PI / 2 ? PI - angle : angle < -PI / 2 ? -PI - angle : angle;
  let term = folded;
  let sum = folded;
  for (let n = 1; n <= 12; n++) {
    term *= -(folded * folded) / (2 * n * (2 * n + 1));
    sum += term;
  }
  return sum;
}

const cosine = (angle: number) => sine(angle + PI / 2 > PI ? angle + PI / 2 - 2 * PI : angle + PI / 2);

/** Of 0 to 1: Newton's steps against the sine; near 1, where they would be flat, by the half angle. */
function arcsine(x: number): number {
  if (x > 0.7) return PI / 2 - 2 * arcsine(Math.sqrt((1 - x) / 2));
  let angle = x;
  for (let n = 0; n < 6; n++) angle -= (sine(angle) - x) / cosine(angle);
  return angle;
}
