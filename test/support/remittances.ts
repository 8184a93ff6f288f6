import type { GatewayDoor } from './gateway-door';
import { group, interchange, transactionSet } from './trading-partner';

/** 820s as they come in by the door, each in an interchange of its own. */
export function remittances(door: () => GatewayDoor) {
  let control = 0;
  const pay = async (
    sender: string,
    trace: string,
    amount: string,
    ...rest: readonly string[]
  ): Promise<void> => {
    control += 1;
    const set = transactionSet('820', '0001', [
      `BPR*C*${amount}*C*ACH************20261122`,
      `TRN*1*${trace}*1330448821`,
      ...rest,
    ]);
    await door().send(
      interchange({ sender, controlNumber: control, groups: [group('RA', control, [set], sender)] }),
    );
    await door().work(sender);
  };
  const remit = (trace: string, amount: string, ...items: readonly string[]) =>
    pay('ACME-EDI', trace, amount, 'ENT*1', ...items);
  return { pay, remit };
}
