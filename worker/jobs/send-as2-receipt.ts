import type { JobHandler } from './job';

type Receipts = typeof import('../../gateway/transport/as2/send-receipt');
/** Loaded with the first receipt. */
const receipts = () => require('../../gateway/transport/as2/send-receipt') as Receipts;

/** An asynchronous MDN goes to the address that the partner named. */
export const sendAs2Receipt: JobHandler<'send-as2-receipt'> = async ({ receiptId }, { db }) => {
  await receipts().sendReceipt(db, receiptId, () => new Date().toISOString());
};
