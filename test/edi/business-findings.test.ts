import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { businessFindings } from '../../edi/business/business-findings';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeArrival } from '../../edi/judge/judge-interchange';

const fixtures = join(__dirname, '../fixtures/edi/business');
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Record<
  string,
  string[]
>;

describe('what the standard accepts and business does not', () => {
  test.each(Object.entries(expected))('%s', (file, faults) => {
    const { judgements } = judgeArrival(readFileSync(join(fixtures, `${file}.edi`)), null, nothingSeen);
    const [group] = judgements.flatMap(({ groups }) => groups);
    const [transaction] = group?.transactions ?? [];
    // None of it is a matter of the 997.
    expect(transaction).toMatchObject({ ack: 'A', findings: [] });
    expect(group?.functionalAck?.text).toContain('AK5*A~');
    const document = transaction?.document;
    if (!document) throw new Error(`${file} has no accepted document`);
    const found = businessFindings(document);
    expect(found.map(({ code, finding }) => `${code}: ${finding.text}`)).toEqual(faults);
    expect(found.every(({ finding }) => finding.severity === 'business')).toBe(true);
  });
});
