import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDemo } from '../../db/seed/read-demo';
import { applyGuide, type GuideBreach } from '../../edi/guides/apply-guide';
import { readGuide } from '../../edi/guides/check-guide';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeArrival } from '../../edi/judge/judge-interchange';
import { libraryGuide, libraryGuides } from './guide-library';

const fixtures = join(__dirname, '../fixtures/edi/guides');

/** "REF02 at 3: 8/7, hold (REF[DP])": where, AK304 and AK403, what is to follow, by which rule. */
function line({ finding, rule, action }: GuideBreach): string {
  const { segment, element, component, position, segmentError, elementError } = finding;
  const place = element === null ? segment : `${segment}${String(element).padStart(2, '0')}`;
  const within = component === null ? '' : `-${component}`;
  return `${place}${within} at ${position}: ${segmentError}${elementError === null ? '' : `/${elementError}`}, ${action} (${rule})`;
}

function breachesIn(partner: string, file: string): string[] {
  const bytes = readFileSync(join(fixtures, partner, `${file}.edi`));
  const { judgements } = judgeArrival(bytes, null, nothingSeen);
  const [transaction] = judgements
    .flatMap(({ groups }) => groups)
    .flatMap(({ transactions }) => transactions);
  expect(transaction).toMatchObject({ ack: 'A', findings: [] });
  const document = transaction?.document;
  if (!document) throw new Error(`${partner}/${file} has no accepted document`);
  return applyGuide(document, libraryGuide(`${partner}-${document.set}`)).map(line);
}

describe('the guides that come with the hub', () => {
  test.each(libraryGuides().map(({ file, body }) => [file, body]))(
    '%s only narrows the standard',
    (_, body) => {
      expect(readGuide(body)).toMatchObject({ kind: 'guide' });
    },
  );

  test.each(readDemo().guides.map(({ guide }) => [guide.name, guide]))(
    'of the demo day: %s only narrows the standard',
    (_, guide) => {
      expect(readGuide(guide)).toMatchObject({ kind: 'guide' });
    },
  );

  const partners = readdirSync(fixtures);
  const files = partners.flatMap((partner) => {
    const expected = JSON.parse(readFileSync(join(fixtures, partner, 'expected.json'), 'utf8')) as Record<
      string,
      string[]
    >;
    return Object.entries(expected).map(([file, breaches]) => ({ partner, file, breaches }));
  });

  test.each(files)(
    'a document of $partner is held against its guide: $file',
    ({ partner, file, breaches }) => {
      expect(breachesIn(partner, file)).toEqual(breaches);
    },
  );
});
