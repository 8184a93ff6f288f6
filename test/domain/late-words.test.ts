import { dateWords, monitoredSubjects } from '../../application/monitoring/milestones';
import { lateWords, spanWords } from '../../domain/order/late-words';

const placed = dateWords.placed;
const due = dateWords['hold-due'];

test.each([
  [
    0,
    'after',
    placed,
    'is not answered as soon as it is placed',
    'are not answered as soon as they are placed',
  ],
  [
    1,
    'after',
    placed,
    'is not answered 1 hour after it was placed',
    'are not answered 1 hour after they were placed',
  ],
  [
    4,
    'after',
    placed,
    'is not answered 4 hours after it was placed',
    'are not answered 4 hours after they were placed',
  ],
  [0, 'after', due, 'is not answered by its deadline', 'are not answered by their deadline'],
  [
    1,
    'after',
    due,
    'is not answered 1 hour after its deadline',
    'are not answered 1 hour after their deadline',
  ],
  [
    48,
    'before',
    due,
    'is predicted late: it is not answered 2 days before its deadline',
    'are predicted late: they are not answered 2 days before their deadline',
  ],
] as const)('%d hours %s a date are said as people say them', (hours, side, date, one, several) => {
  expect(lateWords({ milestone: 'answered', side, hours, date })).toEqual({ one, several });
});

test.each([
  [0.5, '30 minutes'],
  [1, '1 hour'],
  [1.5, '1 hour 30 minutes'],
  [24, '24 hours'],
  [48, '2 days'],
  [50, '50 hours'],
])('%d hours are %s', (hours, said) => {
  expect(spanWords(hours)).toBe(said);
});

test('every date of everything that is monitored has a name in a sentence', () => {
  const dates = Object.values(monitoredSubjects).flatMap((subject) => Object.keys(subject.dates));
  expect([...new Set(dates)].filter((date) => !(date in dateWords))).toEqual([]);
});
