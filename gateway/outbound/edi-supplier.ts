import { cancelAtSupplier } from '../../application/supplier/cancel-at-supplier';
import { orderFromSupplier } from '../../application/supplier/order-from-supplier';
import type { Db, Tx } from '../../db/connection';
import type { WarehousePort } from '../../domain/fulfilment/warehouse-port';
import { AwaitsAcknowledgement } from './edi-warehouse';

/**
 * A supplier behind the port of a warehouse: a release is its purchase order (850), a recall the cancel of it (860),
 * which counts when the supplier has answered (865). What it ships comes back as its ship notice (856).
 */
export function createEdiSupplier(db: Db, clock: () => string): WarehousePort {
  return {
    release: async (release) =>
      db.transaction(async (tx) => orderFromSupplier(tx, await shipmentOf(tx, release), clock())),
    recall: async (request) => {
      const outcome = await db.transaction(async (tx) =>
        cancelAtSupplier(tx, await shipmentOf(tx, request), clock()),
      );
      // Thrown only now: what was asked is committed although the answer is still to come.
      if (outcome.kind === 'awaiting') throw new AwaitsAcknowledgement(outcome.what, '865');
      return outcome;
    },
  };
}

async function shipmentOf(
  tx: Tx,
  { releaseNumber, nodeId }: { readonly releaseNumber: string; readonly nodeId: string },
): Promise<string> {
  const row = (await tx('shipment').where({ shipment_number: releaseNumber, node_id: nodeId }).first('id')) as
    | { id: string }
    | undefined;
  if (!row) throw new Error(`there is no shipment ${releaseNumber} at ${nodeId}`);
  return row.id;
}
