import {
  judgeModification,
  modificationLevels,
  modificationMatrix,
  modificationStatuses,
  modificationTypes,
  verdicts,
} from '../../domain/order/modification-matrix';

const cells = modificationTypes.flatMap((type) =>
  modificationLevels.flatMap((level) => modificationStatuses.map((status) => ({ type, level, status }))),
);

test('every cell of the table of what may be changed is decided', () => {
  for (const { type, level, status } of cells)
    expect(verdicts).toContain(modificationMatrix[type]?.[level]?.[status]);
  expect(cells).toHaveLength(16 * 3 * 6);
});

test('of what is closed nothing may be changed, and a delivery of a line is changed with its line alone', () => {
  for (const { type, level, status } of cells) {
    const verdict = modificationMatrix[type][level][status];
    if (status === 'closed') expect(verdict).toBe('disallow');
    // Held it can be like any line: that changes nothing of it.
    const staysAsItIs = type === 'hold' || type === 'unhold';
    if (level === 'schedule' && type !== 'delete-line' && !staysAsItIs) expect(verdict).toBe('disallow');
  }
});

test('the most specific rule that names a cell decides it, any other cell stays as delivered', () => {
  const rules = [
    {
      scope: 'partner/P',
      version: 3,
      cells: [{ type: 'price', level: 'line', statuses: ['confirmed'], verdict: 'ignore' }],
    },
    {
      scope: '*',
      version: 1,
      cells: [{ type: 'price', level: 'line', statuses: ['confirmed', 'held'], verdict: 'disallow' }],
    },
  ] as const;
  expect(judgeModification(rules, 'price', 'line', 'confirmed')).toEqual({
    verdict: 'ignore',
    rule: 'modification partner/P v3',
  });
  expect(judgeModification(rules, 'price', 'line', 'held')).toEqual({
    verdict: 'disallow',
    rule: 'modification * v1',
  });
  expect(judgeModification(rules, 'price', 'line', 'placed')).toEqual({
    verdict: 'allow',
    rule: 'modification default',
  });
});
