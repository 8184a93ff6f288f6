import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { HoldView } from '../../../api/contract/holds';
import type { OrderView } from '../../../api/contract/orders';
import { holdsQuery } from '../http/queries';
import { formatMoney, inWords } from '../parts/format';
import { Deadline, Instant } from '../parts/instant';
import { useMay, useSession } from '../session/session';
import { DecideHold } from './decide-hold';
import { ExposureBar } from './exposure-bar';
import { WhoMayDecide } from './who-may-decide';

const steps: Readonly<Record<string, string>> = {
  answer: 'the answer',
  release: 'the release',
  ship: 'the shipment',
  invoice: 'the invoice',
};
const expiry = {
  reject: 'counts as rejected',
  release: 'goes through by itself',
  stays: 'stays, and somebody is told,',
} as const;

/** An open hold on the order's own page, with what is needed to decide it. */
export function HoldPanel({ hold, order }: { readonly hold: HoldView; readonly order: OrderView }) {
  const may = useMay();
  const session = useSession();
  const own = session.customerId === null && session.partnerId === null;
  const queue = useQuery({
    ...holdsQuery({ order: order.id }),
    enabled: own && may('holds:read', 'holds:decide'),
  });
  const held = queue.data?.items.find((one) => one.id === hold.id);
  const exposure = held?.exposure;
  const shipmentNumber = order.shipments.find((one) => one.id === hold.shipmentId)?.shipmentNumber;
  return (
    <section
      className="panel"
      aria-label={`${inWords(hold.type)} hold`}
      style={{ borderLeft: '4px solid #c77d0a' }}
    >
      <Group justify="space-between" align="center" gap="lg">
        <div style={{ flex: 1, minWidth: 240 }}>
          <Text fw={650}>
            On hold: {inWords(hold.type).toLowerCase()}
            {hold.lineNumber !== null && `, line ${hold.lineNumber}`}
            {hold.changeId !== null && ', of a change that is asked for'}
            {hold.shipmentId !== null && `, shipment ${shipmentNumber ?? ''}`}
          </Text>
          <Text size="sm">{hold.reasonText}.</Text>
          <Text size="sm" className="soft">
            Waiting for it: {hold.blocks.map((step) => steps[step] ?? step).join(', ')}
          </Text>
          <Text size="sm" className="soft">
            {inWords(hold.role)} decides, <Deadline at={hold.dueAt} />
            {hold.escalatedTo !== null && `; escalated to ${inWords(hold.escalatedTo).toLowerCase()}`}
            {hold.expiresAt !== null && (
              <>
                ; {expiry[hold.onExpiry]} <Instant at={hold.expiresAt} />
              </>
            )}
          </Text>
        </div>
        {hold.type === 'credit' && exposure && <ExposureBar exposure={exposure} order={order.total} />}
        {own && may('holds:read', 'holds:decide') && <WhoMayDecide hold={hold} />}
        {held?.decidable && session.person !== null && (
          <DecideHold
            hold={hold}
            orderNumber={order.orderNumber}
            amount={formatMoney(held.toDecide)}
            seenTotalMinor={held.toDecide.amountMinor}
          />
        )}
      </Group>
    </section>
  );
}
