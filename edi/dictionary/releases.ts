import { v003010 } from './data/v003010';
import { v003020 } from './data/v003020';
import { v003030 } from './data/v003030';
import { v003040 } from './data/v003040';
import { v003050 } from './data/v003050';
import { v003060 } from './data/v003060';
import { v003070 } from './data/v003070';
import { v004010 } from './data/v004010';
import { v004020 } from './data/v004020';
import { v004030 } from './data/v004030';
import { v004040 } from './data/v004040';
import { v004050 } from './data/v004050';
import { v004060 } from './data/v004060';
import { v005010 } from './data/v005010';
import { v006020 } from './data/v006020';
import type { VersionData } from './notation';

export const releases: ReadonlyMap<string, VersionData> = new Map(
  [
    v003010,
    v003020,
    v003030,
    v003040,
    v003050,
    v003060,
    v003070,
    v004010,
    v004020,
    v004030,
    v004040,
    v004050,
    v004060,
    v005010,
    v006020,
  ].map((data) => [data.version, data]),
);

/** Releases between two held ones: read by the one that differs in fewer places from their public table. */
const nearest: Readonly<Record<string, string>> = {
  '004041': '004040',
  '004042': '004050',
  '004051': '004060',
  '004052': '004060',
  '005011': '005010',
  '005012': '005010',
};

/** GS08 begins with the release in six digits; what follows names an industry or a guide. */
export function baseReleaseOf(version: string): string | null {
  const release = /^\d{6}/.exec(version)?.[0];
  if (release === undefined) return null;
  if (releases.has(release)) return release;
  return nearest[release] ?? null;
}
