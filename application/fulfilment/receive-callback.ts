import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { WriteTogether } from '../../db/repositories/write-together';
import { isSameDeparture, joinRepeated, whatLeft } from '../../domain/fulfilment/one-departure';
import type { ShipConfirm } from '../../domain/fulfilment/warehouse-port';
import { addSeconds } from '../../domain/shared/dates';
import { saveCreditAccount } from '../credit/save-credit-account';
import { bookPayment } from '../invoicing/book-payment';
import { raiseException } from '../record/raise-exception';
import { receiveExpected } from '../stock/expect-stock';
import { moveStock, type StockMove } from '../stock/move-stock';
import { storeTracking, type TrackingNews } from '../store/store-tracking';
import { addConfirm } from './confirm-shipment';

/** A callback whose signature and shape the door has checked (`adapters/<kind>/contract`). */
export interface Callback {
  readonly counterparty: string;
  readonly eventId: string;
  readonly kind: string;
  /** The event's data, as the contract has it. */
  readonly body: Readonly<Record<string, unknown>>;
}

export type CallbackOutcome =
  | { readonly kind: 'stored' | 'repeated' }
  | { readonly kind: 'unknown-subject'; readonly text: string };

/**
 * Stores what a warehouse, a carrier or the ERP reports and wakes whom it concerns, in one transaction. The same
 * event again, or late, changes nothing: events are unique, and a subject takes a confirm once.
 */
export async function receiveCallback(tx: Tx, callback: Callback, now: string): Promise<CallbackOutcome> {
  const stored = (await tx('callback_event')
    .insert({
      counterparty: callback.counterparty,
      event_id: callback.eventId,
      kind: callback.kind,
      body: JSON.stringify(callback.body),
      received_at: now,
    })
    .onConflict(['counterparty', 'event_id'])
    .ignore()
    .returning('event_id')) as unknown[];
  if (stored.length === 0) return { kind: 'repeated' };
  const together = new WriteTogether();
  const outcome = await applyCallback(tx, together, callback, now);
  await together
    .query(
      tx('callback_event')
        .where({ counterparty: callback.counterparty, event_id: callback.eventId })
        .update({ processed_at: now, outcome: outcome.kind }),
    )
    .run(tx);
  return outcome;
}

/** @param together what is written of it last, with what came of it */
async function applyCallback(
  tx: Tx,
  together: WriteTogether,
  callback: Callback,
  now: string,
): Promise<CallbackOutcome> {
  switch (callback.kind) {
    case 'shipment.confirmed':
      return storeConfirm(tx, together, callback, now);
    case 'stock.received':
      return receiveStock(tx, callback, now);
    case 'payment.received':
      return receivePayment(tx, callback, now);
    case 'limit.changed':
      return changeLimit(tx, callback, now);
    case 'tracking.updated':
      return receiveTracking(tx, callback, now);
    default:
      return { kind: 'unknown-subject', text: `the hub has no use for ${callback.kind}` };
  }
}

async function storeConfirm(
  tx: Tx,
  together: WriteTogether,
  callback: Callback,
  now: string,
): Promise<CallbackOutcome> {
  // Its shape was checked at the door.
  const confirm = joinRepeated(callback.body as unknown as ShipConfirm);
  const { releaseNumber } = confirm;
  const outcome = await addConfirm(tx, together, confirm);
  if (outcome.kind === 'confirmed') return { kind: 'stored' };
  if (outcome.kind === 'already-confirmed') {
    if (!isSameDeparture(outcome.before, confirm))
      await tellSecondConfirm(tx, callback, confirm, outcome, now);
    return { kind: 'stored' };
  }
  await raiseException(tx, {
    kind: 'unexpected-ship-confirm',
    subjectKey: `${callback.counterparty}/${releaseNumber}`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 14_400),
    priority: 1,
    text: `${callback.counterparty} confirms ${releaseNumber}, which ${outcome.text}: find out what left the warehouse`,
    data: { ...callback.body },
    ...(outcome.orderId !== undefined && { orderId: outcome.orderId }),
  });
  return { kind: 'unknown-subject', text: `there is no open release ${releaseNumber}` };
}

/** The first confirm stands; what else is said to have left is a person's business. */
async function tellSecondConfirm(
  tx: Tx,
  { counterparty }: Callback,
  confirm: ShipConfirm,
  { before, orderId }: { readonly before: Pick<ShipConfirm, 'lines'>; readonly orderId: string },
  now: string,
): Promise<void> {
  await raiseException(tx, {
    kind: 'ship-confirm-differs',
    subjectKey: `${counterparty}/${confirm.releaseNumber}`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 14_400),
    priority: 2,
    orderId,
    text: `${counterparty} confirms ${confirm.releaseNumber} a second time and differently (${whatLeft(confirm)}; before: ${whatLeft(before)}): the first confirm stands. Settle with the warehouse what left`,
  });
}

async function receiveStock(tx: Tx, callback: Callback, now: string): Promise<CallbackOutcome> {
  const lines = callback.body['lines'] as readonly { readonly itemId: string; readonly quantity: number }[];
  const nodeId = String(callback.body['nodeId']);
  const known = (await tx('item')
    .whereIn(
      'id',
      lines.map((line) => line.itemId),
    )
    .select('id')) as { id: string }[];
  const node = await tx('node').where({ id: nodeId }).first('id');
  if (!node) return { kind: 'unknown-subject', text: `there is no node ${nodeId}` };
  const quantities = new Map<string, number>();
  for (const line of lines) quantities.set(line.itemId, (quantities.get(line.itemId) ?? 0) + line.quantity);
  const moves: StockMove[] = [];
  for (const itemId of quantities.keys()) {
    const quantity = quantities.get(itemId) ?? 0;
    if (!known.some((item) => item.id === itemId)) {
      await raiseException(tx, {
        kind: 'unknown-item-received',
        subjectKey: `${nodeId}/${itemId}`,
        ownerRole: 'operations',
        dueAt: addSeconds(now, 86_400),
        text: `${nodeId} received ${quantity} of ${itemId}, which is not an item of the hub: maintain the item, then correct the level`,
      });
      continue;
    }
    moves.push({
      itemId,
      nodeId,
      usage: 'P',
      quantity,
      reason: 'received',
      reference: callback.eventId,
    });
  }
  const number = callback.body['inboundNumber'];
  if (typeof number === 'string') {
    const came = new Map(moves.map(({ itemId, quantity }) => [itemId, quantity]));
    await receiveExpected(tx, { nodeId, usage: 'P', number }, came, callback.counterparty, now);
  }
  await moveStock(tx, moves, now);
  return { kind: 'stored' };
}

async function receivePayment(tx: Tx, callback: Callback, now: string): Promise<CallbackOutcome> {
  const { creditAccountId, invoiceNumber, amountMinor, discountMinor, currency, receivedAt } =
    callback.body as {
      creditAccountId: string;
      invoiceNumber?: string;
      amountMinor: number;
      discountMinor?: number;
      currency: string;
      receivedAt?: string;
    };
  const account = await tx('credit_account').where({ id: creditAccountId }).first('id');
  if (!account) {
    await raiseException(tx, {
      kind: 'payment-without-account',
      subjectKey: `${callback.counterparty}/${callback.eventId}`,
      ownerRole: 'finance',
      dueAt: addSeconds(now, 86_400),
      text: `The ERP reports a payment on credit account ${creditAccountId}, which the hub does not know: maintain the account, or have the ERP correct it`,
      data: { ...callback.body },
    });
    return { kind: 'unknown-subject', text: `there is no credit account ${creditAccountId}` };
  }
  // Receivables belong to the ERP: its next snapshot, not this message, changes the exposure.
  await addJob(tx, 'refresh-receivables', { creditAccountId }, { key: creditAccountId });
  if (invoiceNumber !== undefined) {
    const other = await invoiceInOtherCurrency(tx, { creditAccountId, invoiceNumber, currency });
    if (other !== null) {
      const text = `The ERP reports a payment in ${currency} on invoice ${invoiceNumber}, which is in ${other}: nothing is taken off it here. Have the ERP correct it, or see that its snapshot has the invoice as paid`;
      await raiseException(tx, {
        kind: 'payment-in-other-currency',
        subjectKey: `${callback.counterparty}/${callback.eventId}`,
        ownerRole: 'finance',
        dueAt: addSeconds(now, 86_400),
        text,
        data: { ...callback.body },
      });
      return { kind: 'unknown-subject', text };
    }
    const bookedAt = receivedAt ?? now;
    await bookPayment(
      tx,
      { creditAccountId, invoiceNumber, amountMinor, discountMinor: discountMinor ?? 0, currency, bookedAt },
      now,
    );
  }
  return { kind: 'stored' };
}

/** The currency of an invoice, where it is another one than that of money that came for it. */
async function invoiceInOtherCurrency(
  tx: Tx,
  money: { readonly creditAccountId: string; readonly invoiceNumber: string; readonly currency: string },
): Promise<string | null> {
  const invoice = (await tx('invoice')
    .where({ invoice_number: money.invoiceNumber, usage: 'P', credit_account_id: money.creditAccountId })
    .first('currency')) as { currency: string } | undefined;
  return invoice === undefined || invoice.currency === money.currency ? null : invoice.currency;
}

async function changeLimit(tx: Tx, callback: Callback, now: string): Promise<CallbackOutcome> {
  const { creditAccountId, limitMinor, currency } = callback.body as {
    creditAccountId: string;
    limitMinor: number;
    currency?: string;
  };
  const account = (await tx('credit_account').where({ id: creditAccountId }).first('currency')) as
    | { currency: string }
    | undefined;
  if (!account) return { kind: 'unknown-subject', text: `there is no credit account ${creditAccountId}` };
  if (currency !== undefined && currency !== account.currency) {
    const text = `The ERP sets the limit of credit account ${creditAccountId} in ${currency}, the account is in ${account.currency}: the limit stays as it was. Have the ERP correct it, or set the limit yourself`;
    await raiseException(tx, {
      kind: 'limit-in-other-currency',
      subjectKey: `${callback.counterparty}/${callback.eventId}`,
      ownerRole: 'finance',
      dueAt: addSeconds(now, 28_800),
      text,
      data: { ...callback.body },
    });
    return { kind: 'unknown-subject', text };
  }
  const reason = `The ERP has set the limit (${callback.eventId})`;
  await saveCreditAccount(
    tx,
    { creditAccountId, limitMinor, person: callback.counterparty, reason, basedOn: null },
    now,
  );
  await addJob(tx, 'refresh-receivables', { creditAccountId }, { key: creditAccountId });
  return { kind: 'stored' };
}

async function receiveTracking(tx: Tx, callback: Callback, now: string): Promise<CallbackOutcome> {
  // Its shape was checked at the door.
  const news = callback.body as unknown as TrackingNews;
  if (await storeTracking(tx, news, callback.counterparty, now)) return { kind: 'stored' };
  return { kind: 'unknown-subject', text: `no package has tracking number ${news.trackingNumber}` };
}
