import type { JobName } from '../../db/jobs';
import type { JobHandler, Sweep } from './job';
import { judgeInterchange } from './judge-interchange';
import { leaveClosed, sweepClosedNodes, sweepSourcingTrials } from './leave-closed-nodes';
import { lookAtSafetyStock } from './look-at-safety-stock';
import { pollSftp, sweepSftp } from './poll-sftp';
import { postSupplierInvoice } from './post-supplier-invoice';
import { recheckCredit } from './recheck-credit';
import { refreshReceivables, sweepReceivables } from './refresh-receivables';
import { renderDocuments } from './render-documents';
import { sendAs2Receipt } from './send-as2-receipt';
import { sendInterchanges } from './send-interchanges';
import { sendNotice } from './send-notice';
import { signalOrder } from './signal-order';
import { startOrderWorkflow } from './start-order-workflow';
import { sweepDeadJobs } from './sweep-dead-jobs';
import { sweepGateway } from './sweep-gateway';
import { sweepHoldDeadlines } from './sweep-hold-deadlines';
import { sweepInventoryReports } from './sweep-inventory-reports';
import { sweepKeptReplies } from './sweep-kept-replies';
import { sweepMilestones } from './sweep-milestones';
import { sweepOrders } from './sweep-orders';
import { sweepSignals } from './sweep-signals';
import { sweepStock } from './sweep-stock';
import { sweepStoreDeadlines } from './sweep-store-deadlines';
import { sweepStoreKeys } from './sweep-store-keys';
import { sweepUnplacedOrders } from './sweep-unplaced-orders';
import { tellPromise } from './tell-promise';
import { voidLabel } from './void-label';
import { workOrderRequests } from './work-order-requests';
import { workReceivedContent } from './work-received-content';

/** THE table of jobs: a name in `db/jobs.ts` and who does it. */
export const handlers: { readonly [N in JobName]?: JobHandler<N> } = {
  'start-order-workflow': startOrderWorkflow,
  'signal-order': signalOrder,
  'send-notice': sendNotice,
  'tell-promise': tellPromise,
  'leave-closed-nodes': leaveClosed,
  'look-at-safety-stock': lookAtSafetyStock,
  'recheck-credit': recheckCredit,
  'refresh-receivables': refreshReceivables,
  'judge-interchange': judgeInterchange,
  'post-supplier-invoice': postSupplierInvoice,
  'void-label': voidLabel,
  'work-order-requests': workOrderRequests,
  'work-received-content': workReceivedContent,
  'render-documents': renderDocuments,
  'send-interchanges': sendInterchanges,
  'poll-sftp': pollSftp,
  'send-as2-receipt': sendAs2Receipt,
};

/** What runs by the clock: a crontab's five fields, UTC. `atStart`: also once when a worker starts. */
export const sweeps: readonly {
  readonly name: string;
  readonly match: string;
  readonly run: Sweep;
  readonly atStart: boolean;
}[] = [
  { name: 'sweep-orders', match: '* * * * *', run: sweepOrders, atStart: true },
  { name: 'sweep-hold-deadlines', match: '* * * * *', run: sweepHoldDeadlines, atStart: true },
  { name: 'sweep-store-deadlines', match: '* * * * *', run: sweepStoreDeadlines, atStart: true },
  { name: 'sweep-closed-nodes', match: '* * * * *', run: sweepClosedNodes, atStart: true },
  { name: 'sweep-sourcing-trials', match: '* * * * *', run: sweepSourcingTrials, atStart: false },
  { name: 'sweep-signals', match: '* * * * *', run: sweepSignals, atStart: true },
  { name: 'sweep-gateway', match: '* * * * *', run: sweepGateway, atStart: true },
  { name: 'sweep-sftp', match: '* * * * *', run: sweepSftp, atStart: true },
  { name: 'sweep-dead-jobs', match: '*/5 * * * *', run: sweepDeadJobs, atStart: false },
  { name: 'sweep-kept-replies', match: '17 * * * *', run: sweepKeptReplies, atStart: false },
  { name: 'sweep-inventory-reports', match: '*/15 * * * *', run: sweepInventoryReports, atStart: false },
  { name: 'sweep-store-keys', match: '23 * * * *', run: sweepStoreKeys, atStart: false },
  { name: 'sweep-milestones', match: '*/5 * * * *', run: sweepMilestones, atStart: false },
  { name: 'sweep-unplaced-orders', match: '* * * * *', run: sweepUnplacedOrders, atStart: true },
  { name: 'sweep-stock', match: '* * * * *', run: sweepStock, atStart: true },
  { name: 'sweep-receivables', match: '*/5 * * * *', run: sweepReceivables, atStart: true },
];
