import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PriceView } from '../../../api/contract/prices';
import { write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';

const today = () => new Date().toISOString().slice(0, 10);

const emptyPrice = {
  priceListId: '',
  customerId: '',
  contractId: '',
  itemId: '',
  unit: 'EA',
  minimumQuantity: '1',
  unitPrice: '',
  tierOver: 'line',
  tierPeriod: '',
  validFrom: today(),
  validTo: '',
};
type Form = typeof emptyPrice;

const formOf = (price: PriceView): Form => ({
  priceListId: price.priceListId ?? '',
  customerId: price.customerId ?? '',
  contractId: price.contractId ?? '',
  itemId: price.itemId,
  unit: price.unit,
  minimumQuantity: price.minimumQuantity,
  unitPrice: price.unitPrice,
  tierOver: price.tierOver,
  tierPeriod: price.tierPeriod ?? '',
  validFrom: price.validFrom,
  validTo: price.validTo ?? '',
});

/** A new price, or the next version of one: what it is known by stays, the price and its last day change. */
export function EditPrice({
  price,
  onClose,
}: {
  readonly price: PriceView | 'new';
  readonly onClose: () => void;
}) {
  const isNew = price === 'new';
  const [form, setForm] = useState<Form>(isNew ? emptyPrice : formOf(price));
  const [intention] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (withdrawn: boolean) => {
      const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
      const row = {
        priceListId: orNull(form.priceListId),
        customerId: orNull(form.customerId),
        contractId: orNull(form.contractId),
        itemId: form.itemId.trim(),
        unit: form.unit.trim(),
        minimumQuantity: form.minimumQuantity.trim(),
        unitPrice: form.unitPrice.trim(),
        currency: isNew ? null : price.ownCurrency,
        tierOver: form.tierOver,
        tierPeriod: orNull(form.tierPeriod),
        validFrom: form.validFrom,
        validTo: orNull(form.validTo),
        withdrawn,
      };
      // What was corrected after a refusal is another intention.
      return write(
        'POST',
        '/api/v1/prices',
        { prices: [row] },
        `${intention}-${JSON.stringify(row).length}-${row.unitPrice}`,
      );
    },
    onSuccess: () => {
      notifications.show({
        title: 'Prices',
        message: 'Saved. Orders that come from now on have it.',
        color: 'hub.8',
      });
      void client.invalidateQueries({ queryKey: ['prices'] });
      onClose();
    },
  });
  const field = (name: keyof Form, label: string, more: object = {}) => (
    <TextInput
      label={label}
      value={form[name]}
      onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
      {...more}
    />
  );
  const fixed = { disabled: !isNew };
  return (
    <Modal opened onClose={onClose} title={isNew ? 'New price' : `Price of ${form.itemId}`} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(false);
        }}
      >
        <Stack>
          <Group grow>
            {field('priceListId', 'Price list', fixed)}
            {field('customerId', 'or customer', fixed)}
            {field('contractId', 'Contract', fixed)}
          </Group>
          <Group grow>
            {field('itemId', 'Item', { ...fixed, required: true })}
            {field('unit', 'Unit', { ...fixed, required: true })}
            {field('minimumQuantity', 'From quantity', { ...fixed, required: true })}
          </Group>
          <Group grow>
            <Select
              label="Counted over"
              disabled={!isNew}
              data={[
                { value: 'line', label: 'the line' },
                { value: 'item', label: "the order's lines of the item" },
                { value: 'group', label: "the order's lines of its price group" },
              ]}
              value={form.tierOver}
              onChange={(value) => setForm({ ...form, tierOver: value ?? 'line' })}
            />
            <Select
              label="with what came before in the"
              disabled={!isNew || form.tierOver === 'line'}
              data={[
                { value: '', label: '–' },
                { value: 'month', label: 'month' },
                { value: 'quarter', label: 'quarter' },
                { value: 'year', label: 'year' },
              ]}
              value={form.tierPeriod}
              onChange={(value) => setForm({ ...form, tierPeriod: value ?? '' })}
            />
          </Group>
          <Group grow>
            {field('unitPrice', 'Price per unit', {
              required: true,
              inputMode: 'decimal',
              'data-autofocus': true,
            })}
            {field('validFrom', 'First day', { ...fixed, required: true, type: 'date' })}
            {field('validTo', 'Last day', { type: 'date' })}
          </Group>
          {save.error && <ProblemAlert error={save.error} />}
          <Group justify="flex-end">
            {!isNew && (
              <Button variant="default" color="red.9" onClick={() => save.mutate(true)}>
                Withdraw
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
