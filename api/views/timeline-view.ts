import type { Db } from '../../db/connection';
import { type DocumentViewRow, listDocumentsOfOrder } from '../../db/repositories/document-views';
import {
  type CallRow,
  type DecisionRow,
  type EventRow,
  listCalls,
  listChanges,
  listDecisions,
  listEvents,
} from '../../db/repositories/order-timeline';
import type { TimelineEntryView } from '../contract/orders';
import { documentName } from './document-names';
import { explainDecision } from './explain-decision';
import { unnaming } from './hide-suppliers';
import { eventsForBuyers } from './holds-for-buyers';

const titleOf = (kind: string) => {
  const words = kind.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function eventEntry(row: EventRow): TimelineEntryView {
  const data = (row.data ?? {}) as { readonly documentId?: unknown };
  return {
    id: `event/${row.id}`,
    at: row.at,
    kind: row.kind.startsWith('hold') ? 'hold' : row.kind.startsWith('change') ? 'change' : 'event',
    title: titleOf(row.kind),
    text: row.text,
    actor: row.actor,
    documentId: typeof data.documentId === 'string' ? data.documentId : null,
    data: row.data,
  };
}

function decisionEntry(row: DecisionRow): TimelineEntryView {
  return {
    id: `decision/${row.id}`,
    at: row.decided_at,
    kind: 'decision',
    title: `${titleOf(row.kind)} decision`,
    text: explainDecision(row.kind, row.outcome),
    actor: row.decided_by,
    documentId: null,
    data: { rule: row.rule, ruleVersion: row.rule_version, inputs: row.inputs, outcome: row.outcome },
  };
}

const acknowledgements: Readonly<Record<string, string>> = {
  answered: 'answered',
  'not-expected': 'no acknowledgement expected',
  expected: 'waiting for its acknowledgement',
  accepted: 'accepted by the partner',
  'accepted-with-errors': 'accepted by the partner with errors noted',
  rejected: 'rejected by the partner',
  overdue: 'acknowledgement overdue',
};

function documentEntry(row: DocumentViewRow): TimelineEntryView {
  const state =
    row.direction === 'in'
      ? `${row.validation.replaceAll('-', ' ')}`
      : `${row.delivery}, ${acknowledgements[row.acknowledgement] ?? row.acknowledgement}`;
  return {
    id: `document/${row.id}`,
    at: row.created_at,
    kind: 'document',
    title: `${row.set_id} ${documentName(row.set_id)}`,
    text: `${row.direction === 'in' ? 'Received from' : 'Sent to'} ${row.partner_id ?? 'an unknown partner'}: ${state}`,
    actor: row.direction === 'in' && row.partner_id !== null ? `partner:${row.partner_id}` : 'hub',
    documentId: row.id,
    data: {
      interchange: row.interchange_control_number,
      group: row.group_control_number,
      set: row.control_number,
      findings: row.finding_count,
    },
  };
}

function callEntry(row: CallRow): TimelineEntryView {
  const tries = row.attempts > 1 ? ` after ${row.attempts} tries` : '';
  return {
    id: `call/${row.idempotency_key}`,
    at: row.finished_at ?? row.started_at,
    kind: 'call',
    title: `${titleOf(row.operation)} at ${row.counterparty}`,
    text:
      row.status === 'failed'
        ? `Failed${tries}: ${row.error ?? 'no reason was given'}`
        : `${titleOf(row.status)}${tries}`,
    actor: row.counterparty,
    documentId: null,
    data: { idempotencyKey: row.idempotency_key, reply: row.reply },
  };
}

/** What the timeline shows to whom: a buyer sees what happened to the order, not how the seller's rules weighed it. */
export interface TimelineReader {
  readonly ownStaff: boolean;
  readonly documents: boolean;
}

/** Who ships of an order for the seller: partners, and the nodes that they ship from. */
async function suppliersOf(db: Db, orderId: string) {
  const rows = (await db('shipment as s')
    .join('node as n', 'n.id', 's.node_id')
    .where({ 's.order_id': orderId })
    .whereNotNull('n.supplier_partner')
    .distinct('n.id', 'n.supplier_partner as partner')) as { id: string; partner: string }[];
  return { nodes: rows.map(({ id }) => id), partners: new Set(rows.map(({ partner }) => partner)) };
}

/** Everything that happened to an order, oldest first. */
export async function readTimeline(
  db: Db,
  orderId: string,
  reader: TimelineReader,
): Promise<readonly TimelineEntryView[]> {
  const all = await listEvents(db, orderId);
  // Who ships for the seller, and on what terms, is not the buyer's to know.
  const suppliers = reader.ownStaff
    ? { nodes: [], partners: new Set<string>() }
    : await suppliersOf(db, orderId);
  const unnamed = unnaming(suppliers.nodes);
  const events = reader.ownStaff
    ? all
    : (await eventsForBuyers(db, orderId, all))
        .filter(({ kind }) => !kind.startsWith('supplier-'))
        .map(unnamed);
  const entries: TimelineEntryView[] = events.map(eventEntry);
  if (reader.documents) {
    const documents = await listDocumentsOfOrder(db, orderId);
    entries.push(
      ...documents
        .filter(({ partner_id: partner }) => partner === null || !suppliers.partners.has(partner))
        .map(documentEntry),
    );
  }
  if (reader.ownStaff) {
    entries.push(...(await listDecisions(db, orderId)).map(decisionEntry));
    entries.push(...(await listCalls(db, orderId)).map(callEntry));
  }
  const told = new Set(events.map((event) => (event.data as { changeId?: unknown } | null)?.changeId));
  for (const change of await listChanges(db, orderId)) {
    if (told.has(change.id)) continue;
    entries.push({
      id: `change/${change.id}`,
      at: change.decided_at ?? change.received_at,
      kind: 'change',
      title: 'Change requested',
      text: `A change was asked for: ${change.status.replaceAll('-', ' ')}`,
      actor: change.requested_by,
      documentId: change.document_id,
      data: { request: change.request, outcome: change.outcome },
    });
  }
  // Stable: what happened in one instant stays in the order in which it was recorded.
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
