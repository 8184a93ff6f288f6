import { reconcileChecks, reconcileRecord } from '../../application/stock/reconcile-record';
import { reconcileReport } from '../contract/reports';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden } from '../problems';

const reconcile = endpoint({
  method: 'get',
  path: '/reports/reconcile',
  tag: 'Reports',
  summary: 'Every sum of the record against what it sums up: stock, lines, shipments, invoices',
  scopes: ['inventory:read'],
  replies: { 200: { description: 'The comparison', schema: reconcileReport } },
  handle: async ({ db, principal }) => {
    if (principal.partnerId !== null || principal.customerId !== null)
      throw forbidden('The report is for the company itself.');
    return {
      status: 200,
      body: { checks: [...reconcileChecks], differences: [...(await reconcileRecord(db))] },
    };
  },
});

export const reportEndpoints: readonly Endpoint[] = [reconcile];
