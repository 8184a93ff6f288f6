import { sendReceipt } from '../../gateway/transport/as2/send-receipt';
import type { JobHandler } from './job';

/** An asynchronous MDN goes to the address that the partner named. */
export const sendAs2Receipt: JobHandler<'send-as2-receipt'> = async ({ receiptId }, { db }) => {
  await sendReceipt(db, receiptId, () => new Date().toISOString());
};
