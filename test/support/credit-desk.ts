import { readExposure } from '../../application/credit/read-exposure';
import { resolveHold } from '../../application/hold/resolve-hold';
import type { Db } from '../../db/connection';
import type { OrderAnswer } from '../../domain/order/answers';
import type { HoldDecision } from '../../domain/order/progress';
import { line, NOW, purchaseOrder } from './company';

/** What finance sees of held orders and decides, over the database of the test that runs. */
export function creditDesk(db: () => Db) {
  const creditHolds = async (orderId: string) =>
    (await db()('hold').where({ order_id: orderId, type: 'credit' }).orderBy('id')) as {
      id: string;
      status: string;
      line_number: number | null;
      resolved_by: string | null;
    }[];
  const openHold = async (orderId: string) =>
    (await creditHolds(orderId)).find(({ status }) => status === 'open')?.id ?? '';
  const decide = (
    holdId: string,
    action: HoldDecision['action'],
    more: Partial<HoldDecision> = {},
    now = NOW,
  ) =>
    db().transaction((tx) =>
      resolveHold(
        tx,
        { holdId, action, person: 'fiona', roles: ['finance'], reason: 'as agreed', ...more },
        now,
      ),
    );
  const exposure = async () => (await readExposure(db(), 'CA-ACME', 'P', null, NOW)).chain[0];
  const lastAnswer = async (orderId: string) =>
    (
      (await db()('document_request')
        .where({ order_id: orderId, set_id: '855' })
        .orderBy('id', 'desc')
        .first()) as {
        payload: OrderAnswer;
      }
    ).payload;
  const threeLines = () =>
    purchaseOrder([line('BOLT', '4', '10.00'), line('BOLT', '3', '10.00'), line('BOLT', '2', '10.00')]);

  return { creditHolds, openHold, decide, exposure, lastAnswer, threeLines };
}
