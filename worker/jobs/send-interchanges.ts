import { sendInterchanges as send } from '../../gateway/outbound/send-interchanges';
import { httpsPush } from '../../gateway/transport/https/push';
import type { JobHandler } from './job';

/** Interchanges leave by their channel, in the order of their numbers. */
export const sendInterchanges: JobHandler<'send-interchanges'> = async ({ channelId }, { db }) => {
  await send(db, channelId, { 'https-push': httpsPush }, () => new Date().toISOString());
};
