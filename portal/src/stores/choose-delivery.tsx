import { Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PickupStoreView } from '../../../api/contract/stores';
import { pickupStoresQuery } from '../http/queries';

/** How an order reaches its buyer; `store` null: it is shipped. */
export interface Delivery {
  readonly store: string | null;
  /** Who is told by mail when it is ready; empty: nobody. */
  readonly notify: string;
}
export const shippedDelivery: Delivery = { store: null, notify: '' };

/** As the API wants it. */
export const deliveryBody = ({ store, notify }: Delivery) =>
  store === null ? {} : { pickupAt: store, ...(notify.trim() !== '' && { notify: notify.trim() }) };

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const clock = (time: string) => `${time.slice(0, 2)}:${time.slice(2)}`;

/** Mon to Fri 09:00 to 18:00; Sat 10:00 to 14:00 */
function hoursText({ openingHours }: PickupStoreView): string {
  const hours = openingHours.map(({ days, from, to }) => {
    const sorted = days.toSorted((a, b) => a - b);
    const [first = 1] = sorted;
    const last = sorted.at(-1) ?? first;
    const isRow = sorted.length > 2 && last - first === sorted.length - 1;
    const names = isRow ? [first, last] : sorted;
    const text = names.map((day) => weekdays[day - 1]).join(isRow ? ' to ' : ', ');
    return `${text} ${clock(from)} to ${clock(to)}`;
  });
  return hours.length === 0 ? 'always open' : hours.join('; ');
}

function addressText(address: unknown): string {
  const {
    lines = [],
    city,
    region,
    postalCode,
  } = (address ?? {}) as {
    readonly lines?: readonly string[];
    readonly city?: string;
    readonly region?: string;
    readonly postalCode?: string;
  };
  return [...lines, [city, region, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');
}

/** Shipped, or picked up at one of the stores; nothing is asked where no store hands out orders. */
export function ChooseDelivery({
  value,
  onChange,
}: {
  readonly value: Delivery;
  readonly onChange: (value: Delivery) => void;
}) {
  const stores = useQuery(pickupStoresQuery()).data?.items ?? [];
  const [first] = stores;
  if (first === undefined) return null;
  const chosen = stores.find(({ id }) => id === value.store);
  return (
    <Stack gap="xs">
      <Radio.Group
        label="How it reaches you"
        value={value.store === null ? 'ship' : 'pickup'}
        onChange={(how) => onChange({ ...value, store: how === 'pickup' ? first.id : null })}
      >
        <Stack gap={4} mt={4}>
          <Radio value="ship" label="Shipped" />
          <Radio value="pickup" label="Picked up at a store" />
        </Stack>
      </Radio.Group>
      {chosen && (
        <>
          <Select
            label="Store"
            allowDeselect={false}
            data={stores.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen.id}
            onChange={(store) => store !== null && onChange({ ...value, store })}
          />
          <Text size="sm" c="dimmed">
            {addressText(chosen.address)}. Open: {hoursText(chosen)}. Kept for {chosen.keptDays} days after it
            is ready.
          </Text>
          <TextInput
            label="Tell by mail"
            description="When it is ready, before its time ends, and when it is cancelled"
            type="email"
            maxLength={254}
            value={value.notify}
            onChange={(event) => onChange({ ...value, notify: event.currentTarget.value })}
          />
        </>
      )}
    </Stack>
  );
}
