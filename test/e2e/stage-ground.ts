import { Runtime } from '@temporalio/worker';
import { placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from '../workflow/order-stage';
import type { Ground } from './portal-page';

/** Over orders that live in Temporal. */
export async function openStage(
  options: Omit<Parameters<typeof OrderStage.open>[0], 'address'>,
): Promise<OrderStage> {
  quietRuntime();
  return OrderStage.open({ ...options, address: placeOf('temporal') });
}

export const onStage = (stage: OrderStage): Ground => ({
  db: stage.db,
  api: { engine: stage.engine },
  close: async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  },
});
