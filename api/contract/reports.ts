import { z } from 'zod';

export const reconcileReport = z
  .object({
    checks: z.array(z.string()).meta({ description: 'What was compared' }),
    differences: z
      .array(z.object({ check: z.string(), subject: z.string(), expected: z.int(), found: z.int() }))
      .meta({ description: 'Empty where the record agrees with itself' }),
  })
  .meta({ id: 'ReconcileReport' });
export type ReconcileReportView = z.infer<typeof reconcileReport>;
