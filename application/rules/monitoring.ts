import { z } from 'zod';
import { monitoredSubjects, subjectOf } from '../monitoring/milestones';
import { ruleKind } from './rule-kind';

const subjects = Object.keys(monitoredSubjects) as [string, ...string[]];
const names = z.array(z.string().min(1).max(64)).min(1).max(1000).optional();

export const monitoringRule = ruleKind({
  kind: 'monitoring',
  title: 'Monitoring',
  about:
    'A milestone that is not reached so many hours before or after a date is an exception with an owner. Before a date it is predicted late, after it it is. It closes by itself when the milestone is reached or the order ends. each: one exception a subject; customer-day, partner-day: one a customer or partner and day, which counts what it stands for.',
  scopeIs: 'The name of the rule, in small letters: late-release, unanswered, ...',
  scope: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'is a word of small letters, digits and hyphens'),
  body: z.strictObject({
    subject: z.enum(subjects),
    milestone: z.string().min(1).max(40),
    side: z.enum(['before', 'after']),
    hours: z.number().nonnegative().max(8784),
    date: z.string().min(1).max(40),
    customers: names,
    partners: names,
    types: names,
    ownerRole: z.string().min(1).max(60),
    priority: z.number().int().min(1).max(5).default(3),
    deadlineHours: z.number().positive().max(8784),
    consolidate: z.enum(['each', 'customer-day', 'partner-day']).default('each'),
    /** What its owner does about it. */
    advice: z.string().min(3).max(500).optional(),
  }),
  example: {
    subject: 'order',
    milestone: 'released',
    side: 'before',
    hours: 24,
    date: 'requested-delivery',
    ownerRole: 'operations',
    priority: 2,
    deadlineHours: 4,
    consolidate: 'each',
    advice: 'See what it waits for, and tell the customer if it cannot be kept.',
  },
  check: (rules) =>
    rules.flatMap(({ scope, body }) => {
      const subject = subjectOf(body.subject);
      if (!subject) return [`${scope}: nothing is known of "${body.subject}"`];
      const milestones = Object.keys(subject.milestones);
      const dates = Object.keys(subject.dates);
      return [
        ...(milestones.includes(body.milestone)
          ? []
          : [`${scope}: milestones of ${body.subject} are ${milestones.join(', ')}, not ${body.milestone}`]),
        ...(dates.includes(body.date)
          ? []
          : [`${scope}: dates of ${body.subject} are ${dates.join(', ')}, not ${body.date}`]),
      ];
    }),
});
