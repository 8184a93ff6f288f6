import { Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { OrderLineView, OrderView } from '../../../api/contract/orders';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { inWords } from '../parts/format';

const reasons = [
  'competitive-match',
  'agreed-with-customer',
  'price-error',
  'goodwill',
  'quality',
  'clearance',
];

interface SetPriceProps {
  readonly order: OrderView;
  readonly line: OrderLineView;
}

/** A person sets a line's price; whether it may be is decided by the hub, which says why not. */
export function SetPrice({ order, line }: SetPriceProps) {
  return (
    <AskButton
      label="Set…"
      size="compact-xs"
      named={`Set the price of line ${line.lineNumber}`}
      title={`Set the price of line ${line.lineNumber}`}
    >
      {(close) => <SetPriceForm order={order} line={line} onDone={close} />}
    </AskButton>
  );
}

function SetPriceForm({ order, line, onDone }: SetPriceProps & { readonly onDone: () => void }) {
  const [unitPrice, setUnitPrice] = useState(line.unitPrice ?? '');
  const [reason, setReason] = useState<string | null>(null);
  const isPrice = /^\d{1,12}(\.\d{1,6})?$/.test(unitPrice.trim());
  return (
    <AskForm<{ readonly status: string; readonly text: string }>
      button="Set the price"
      back="Leave it"
      ready={isPrice && reason !== null}
      reason={{ label: 'Note', description: 'Kept with the order' }}
      send={(note, intention) =>
        write(
          'POST',
          `/api/v1/orders/${order.id}/lines/${line.lineNumber}/price`,
          { unitPrice: unitPrice.trim(), reason, note },
          intention,
        )
      }
      refresh={['order', 'timeline']}
      told={({ status, text }) => ({
        title: `Price of line ${line.lineNumber}`,
        message: text,
        waits: status !== 'set',
      })}
      onDone={onDone}
    >
      <Text size="sm">
        The price stands alone, without promotions. Credit is looked at again where the order grows, and the
        partner is told.
      </Text>
      <TextInput
        label={`Price per ${line.unit}${line.priceBasis === 1 ? '' : ` for ${line.priceBasis}`} in ${order.total.currency}`}
        required
        data-autofocus
        inputMode="decimal"
        value={unitPrice}
        error={unitPrice !== '' && !isPrice ? 'A decimal with up to 6 places, such as 12.5' : undefined}
        onChange={(event) => setUnitPrice(event.currentTarget.value)}
      />
      <Select
        label="Reason"
        required
        data={reasons.map((value) => ({ value, label: inWords(value) }))}
        value={reason}
        onChange={setReason}
      />
    </AskForm>
  );
}
