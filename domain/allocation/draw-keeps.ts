/** Units of an item at a node that are kept for the one who takes stock now. */
export interface OwnKeep {
  readonly keepId: string;
  readonly kind: 'cart' | 'order' | 'customer' | 'channel';
  readonly itemId: string;
  readonly nodeId: string;
  /** Base units. */
  readonly quantity: number;
}

/** The cart that is being ordered first, then the order's own share, then what is kept for the customer and the channel. */
export const drawingOrder: readonly OwnKeep['kind'][] = ['cart', 'order', 'customer', 'channel'];

export interface StockPosition {
  readonly onHand: number;
  readonly reserved: number;
  readonly safety: number;
  /** Kept for anybody, the one who asks included. */
  readonly kept: number;
  /** Of that, what is kept for the one who asks. */
  readonly own: number;
}

/**
 * What a position gives to the one who asks: `available` is there for anybody, `own` only for them. Together they are
 * never more than is on hand and not reserved, whatever was kept before a count found less.
 */
export function freeToSell(position: StockPosition): { readonly available: number; readonly own: number } {
  const unreserved = Math.max(0, position.onHand - position.reserved);
  const own = Math.min(position.own, unreserved);
  const available = Math.max(0, position.onHand - position.reserved - position.safety - position.kept);
  return { available, own };
}

/**
 * Which keeps the taken units come out of: one's own before what is there for anybody, so that a keep is drawn down by
 * exactly what is taken of it.
 */
export function drawKeeps(
  taken: readonly { readonly itemId: string; readonly nodeId: string; readonly quantity: number }[],
  own: readonly OwnKeep[],
): readonly { readonly keepId: string; readonly quantity: number }[] {
  const open = new Map<string, number>();
  for (const { itemId, nodeId, quantity } of taken) {
    const key = `${itemId}\u0000${nodeId}`;
    open.set(key, (open.get(key) ?? 0) + quantity);
  }
  return own
    .toSorted((a, b) => drawingOrder.indexOf(a.kind) - drawingOrder.indexOf(b.kind))
    .flatMap((keep) => {
      const key = `${keep.itemId}\u0000${keep.nodeId}`;
      const quantity = Math.min(keep.quantity, open.get(key) ?? 0);
      open.set(key, (open.get(key) ?? 0) - quantity);
      return quantity > 0 ? [{ keepId: keep.keepId, quantity }] : [];
    });
}
