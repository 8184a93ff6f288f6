import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SupplierView } from '../../../api/contract/supplier-orders';
import { write } from '../http/call';
import { AskForm } from '../parts/ask-form';
import { useSeen } from '../parts/seen';

export const backorderWords = {
  wait: 'What it backorders waits there for its new day',
  're-source': 'What it backorders is looked for elsewhere at once',
} as const satisfies Record<SupplierView['backorders'], string>;

const fieldNames = {
  partner: 'Trading partner',
  node: 'Node',
  name: 'Name of the place',
  timeZone: 'Time zone',
  rank: 'Rank',
  answerHours: 'Answers within, hours',
  priceTolerancePercent: 'Bills at most so many % above the cost',
  country: 'Country',
};

const emptyForm = {
  partner: '',
  node: '',
  name: '',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  street: '',
  city: '',
  region: '',
  postalCode: '',
  country: 'US',
  rank: '500',
  answerHours: '24',
  priceTolerancePercent: '0',
  backorders: 'wait' as SupplierView['backorders'],
};
type Form = typeof emptyForm;

const formOf = ({ partner, node, name, timeZone, address, rank, ...agreed }: SupplierView): Form => ({
  partner: partner.id,
  node,
  name,
  timeZone,
  street: address.lines.join(', '),
  city: address.city ?? '',
  region: address.region ?? '',
  postalCode: address.postalCode ?? '',
  country: address.country ?? '',
  rank: String(rank),
  answerHours: String(agreed.answerHours),
  priceTolerancePercent: agreed.priceTolerancePercent,
  backorders: agreed.backorders,
});

function bodyOf(form: Form, before: SupplierView | 'new') {
  const lines = form.street.trim();
  const said = (name: 'city' | 'region' | 'postalCode' | 'country') =>
    form[name].trim() === '' ? {} : { [name]: form[name].trim() };
  // A street of several lines stays so unless somebody has edited it.
  const kept = before !== 'new' && before.address.lines.join(', ') === lines ? before.address.lines : null;
  return {
    partner: form.partner.trim(),
    node: form.node.trim(),
    name: form.name.trim(),
    timeZone: form.timeZone.trim(),
    address: {
      lines: kept ?? (lines === '' ? [] : [lines]),
      ...said('city'),
      ...said('region'),
      ...said('postalCode'),
      ...said('country'),
    },
    rank: Number(form.rank),
    answerHours: Number(form.answerHours),
    priceTolerancePercent: form.priceTolerancePercent.trim(),
    backorders: form.backorders,
  };
}

/** Makes a trading partner a supplier, or changes where it ships from and what was agreed with it. */
export function EditSupplier({
  onDone,
  ...props
}: {
  readonly supplier: SupplierView | 'new';
  readonly onDone: () => void;
}) {
  const supplier = useSeen(props.supplier);
  const isNew = supplier === 'new';
  const [form, setForm] = useState<Form>(isNew ? emptyForm : formOf(supplier));
  const field = (name: keyof Form, label: string, more: object = {}) => (
    <TextInput
      label={label}
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
        write(
          'POST',
          '/api/v1/suppliers',
          bodyOf(form, supplier),
          intention,
          isNew ? 'new' : `"${supplier.version}"`,
        )
      }
      refresh={['suppliers']}
      told={() => ({
        title: 'Suppliers',
        message: isNew
          ? 'Saved. It is asked for the items that are entered for it.'
          : 'Saved. Orders that come from now on have it.',
      })}
      onDone={onDone}
    >
      <Group grow align="flex-start">
        {field('partner', fieldNames.partner, {
          required: true,
          disabled: !isNew,
          maxLength: 64,
          description: 'Set up with agreements for 850 and 860 out, 855, 856 and 810 in',
        })}
        {field('node', fieldNames.node, {
          required: true,
          disabled: !isNew,
          maxLength: 64,
          description: 'What sourcing rules call it',
        })}
      </Group>
      <Group grow>
        {field('name', fieldNames.name, { required: true, maxLength: 80 })}
        {field('timeZone', fieldNames.timeZone, { required: true })}
      </Group>
      <Group grow>
        {field('street', 'Street', { maxLength: 80 })}
        {field('city', 'City', { maxLength: 60 })}
      </Group>
      <Group grow>
        {field('region', 'State', { maxLength: 30 })}
        {field('postalCode', 'Postal code', { maxLength: 15 })}
        {field('country', fieldNames.country, { minLength: 2, maxLength: 2 })}
      </Group>
      <Group grow align="flex-end">
        {field('answerHours', fieldNames.answerHours, { required: true, inputMode: 'decimal' })}
        {field('priceTolerancePercent', fieldNames.priceTolerancePercent, {
          required: true,
          inputMode: 'decimal',
        })}
        {field('rank', fieldNames.rank, {
          required: true,
          inputMode: 'numeric',
          description: 'Smaller is asked first',
        })}
      </Group>
      <NativeSelect
        label="What it has to backorder"
        data={Object.entries(backorderWords).map(([value, label]) => ({ value, label }))}
        value={form.backorders}
        onChange={(event) =>
          setForm({ ...form, backorders: event.currentTarget.value as Form['backorders'] })
        }
      />
    </AskForm>
  );
}
