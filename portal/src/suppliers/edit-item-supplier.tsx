import { Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ItemSupplierView } from '../../../api/contract/supplier-orders';
import { write } from '../http/call';
import { AskForm } from '../parts/ask-form';
import { useSeen } from '../parts/seen';

export const sourcingWords = {
  always: 'always: the company never ships it',
  'when-short': 'for what the own nodes do not have',
  'drop-ship-orders': 'for drop-ship orders, and where a rule says so',
} as const satisfies Record<ItemSupplierView['sourcing'], string>;

const fieldNames = {
  item: 'Item',
  node: 'Supplier’s node',
  supplierItemId: 'The supplier’s number',
  unit: 'Unit',
  unitFactor: 'Base units of one',
  unitCost: 'Cost of one',
  currency: 'Currency',
  leadDays: 'Lead time, days',
  minimumQuantity: 'Least quantity',
};

const emptyForm = {
  item: '',
  node: '',
  supplierItemId: '',
  unit: 'EA',
  unitFactor: '1',
  unitCost: '',
  currency: 'USD',
  leadDays: '0',
  minimumQuantity: '1',
  sourcing: 'drop-ship-orders' as ItemSupplierView['sourcing'],
  active: true,
};
type Form = typeof emptyForm;

const formOf = (entry: ItemSupplierView): Form => ({
  item: entry.item,
  node: entry.node,
  supplierItemId: entry.supplierItemId,
  unit: entry.unit,
  unitFactor: String(entry.unitFactor),
  unitCost: entry.unitCost,
  currency: entry.currency,
  leadDays: String(entry.leadDays),
  minimumQuantity: String(entry.minimumQuantity),
  sourcing: entry.sourcing,
  active: entry.active,
});

const bodyOf = (form: Form) => ({
  item: form.item.trim(),
  node: form.node.trim(),
  supplierItemId: form.supplierItemId.trim(),
  unit: form.unit.trim().toUpperCase(),
  unitFactor: Number(form.unitFactor),
  unitCost: form.unitCost.trim(),
  currency: form.currency.trim().toUpperCase(),
  leadDays: Number(form.leadDays),
  minimumQuantity: Number(form.minimumQuantity),
  sourcing: form.sourcing,
  active: form.active,
});

/** What a supplier asks for an item, and when it is asked. Orders that are placed there keep what they were placed at. */
export function EditItemSupplier({
  onDone,
  ...props
}: {
  readonly entry: ItemSupplierView | 'new';
  readonly onDone: () => void;
}) {
  const entry = useSeen(props.entry);
  const isNew = entry === 'new';
  const [form, setForm] = useState<Form>(isNew ? emptyForm : formOf(entry));
  const field = (name: Exclude<keyof Form, 'active' | 'sourcing'>, more: object = {}) => (
    <TextInput
      label={fieldNames[name]}
      required
      value={form[name]}
      onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
      {...more}
    />
  );
  return (
    <AskForm
      button="Save"
      back="Leave it"
      reason={null}
      fieldNames={fieldNames}
      send={(_reason, intention) =>
        write('POST', '/api/v1/item-suppliers', bodyOf(form), intention, isNew ? 'new' : `"${entry.version}"`)
      }
      refresh={['item-suppliers', 'suppliers']}
      told={() => ({
        title: 'Suppliers',
        message: 'Saved. Orders that are placed there already keep their costs.',
      })}
      onDone={onDone}
    >
      <Group grow>
        {field('item', { disabled: !isNew, maxLength: 64 })}
        {field('node', { disabled: !isNew, maxLength: 64 })}
      </Group>
      <Group grow>
        {field('supplierItemId', { maxLength: 48 })}
        {field('unit', { minLength: 2, maxLength: 2 })}
        {field('unitFactor', { inputMode: 'numeric' })}
      </Group>
      <Group grow>
        {field('unitCost', { inputMode: 'decimal', 'data-autofocus': !isNew || undefined })}
        {field('currency', { minLength: 3, maxLength: 3 })}
        {field('leadDays', { inputMode: 'numeric' })}
        {field('minimumQuantity', { inputMode: 'numeric' })}
      </Group>
      <NativeSelect
        label="The supplier is asked"
        data={Object.entries(sourcingWords).map(([value, label]) => ({ value, label }))}
        value={form.sourcing}
        onChange={(event) => setForm({ ...form, sourcing: event.currentTarget.value as Form['sourcing'] })}
      />
      <Checkbox
        label="It can be asked for this item"
        checked={form.active}
        onChange={(event) => setForm({ ...form, active: event.currentTarget.checked })}
      />
    </AskForm>
  );
}
