import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { businessFindings } from '../../edi/business/business-findings';
import { applyGuide } from '../../edi/guides/apply-guide';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeArrival } from '../../edi/judge/judge-interchange';
import { libraryGuide } from './guide-library';
import { interchange, set } from './interchange-text';

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

  test('two hundred thousand levels are looked at in reasonable time, and what is wrong with them is named up to a limit', () => {
    const levels = Array.from({ length: 200_000 }, (_, n) => `HL*${n % 2 === 0 ? n + 1 : 1}*${n}*I~`).join(
      '',
    );
    const body = `BSN*00*S1*20261122*1200*0001~${levels}CTT*7~`;
    const bytes = Buffer.from(interchange([set('856', body)], { gs: { 1: 'SH' } }), 'latin1');
    const [transaction] = judgeArrival(bytes, null, nothingSeen).judgements.flatMap(({ groups }) =>
      groups.flatMap((one) => one.transactions),
    );
    if (!transaction?.document) throw new Error('it is accepted');
    const started = performance.now();
    const found = businessFindings(transaction.document);
    expect(found).toHaveLength(1000);
    expect(applyGuide(transaction.document, libraryGuide('tallis-and-wren-856')).length).toBeLessThanOrEqual(
      10_000,
    );
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
