import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AllowedChangesView } from '../../../api/contract/changes';
import type { OrderLineView, OrderView } from '../../../api/contract/orders';
import { type Column, DataTable } from '../parts/data-table';
import { countOf, formatCount } from '../parts/format';
import {
  type AddedLine,
  type ChangeDraft,
  isAllowed,
  isQuantity,
  type LineCells,
  type LineDraft,
  quantityProblem,
  standingQuantity,
} from './change-draft';

interface LinesProps {
  readonly order: OrderView;
  readonly allowed: AllowedChangesView;
  readonly draft: ChangeDraft;
  readonly onChange: (draft: ChangeDraft) => void;
}

/** As many as are typed into at a time; a long order is searched. */
const shownLines = 50;

const lineDays = [
  ['shipNotBefore', 'ship-not-before', 'Not before'],
  ['deliverBy', 'requested-date', 'Deliver by'],
  ['cancelAfter', 'cancel-after', 'Cancel after'],
] as const;

const offers = (cells: LineCells) =>
  (['quantity-up', 'quantity-down', 'delete-line', ...lineDays.map(([, type]) => type)] as const).some(
    (type) => isAllowed(cells.types, type),
  );

interface ChangeableLine {
  readonly line: OrderLineView;
  readonly cells: LineCells;
  readonly asked: LineDraft;
  readonly onChange: (asked: LineDraft) => void;
}

const nameOf = ({ line }: ChangeableLine) => `line ${line.buyerLineNumber ?? line.lineNumber}`;
// A line in parts is deleted as a whole or stays: what a part becomes, only the buyer's own paper could say.
const isWhole = ({ cells }: ChangeableLine) => cells.level === 'line';
const isOff = ({ asked }: ChangeableLine) => asked.delete === true;

function Item({ line, cells }: ChangeableLine) {
  const recalled = cells.types.some((cell) => cell.verdict === 'recall') && cells.status === 'released';
  return (
    <>
      <strong>{line.itemId ?? 'Unknown item'}</strong>
      <div className="soft small">
        {formatCount(standingQuantity(line))} {line.unit} now
        {recalled && ', at the warehouse'}
      </div>
    </>
  );
}

function Quantity(row: ChangeableLine) {
  const { line, cells, asked, onChange } = row;
  const resizable = isAllowed(cells.types, 'quantity-up') || isAllowed(cells.types, 'quantity-down');
  return (
    <TextInput
      aria-label={`Quantity of ${nameOf(row)}`}
      inputMode="decimal"
      w={110}
      disabled={!resizable || !isWhole(row) || isOff(row)}
      value={asked.quantity ?? standingQuantity(line)}
      error={
        asked.quantity !== undefined && !isOff(row) ? quantityProblem(asked.quantity, line, cells) : undefined
      }
      onChange={(event) => onChange({ ...asked, quantity: event.currentTarget.value.trim() })}
    />
  );
}

function Delete(row: ChangeableLine) {
  const { cells, asked, onChange } = row;
  return (
    <Checkbox
      aria-label={`Delete ${nameOf(row)}`}
      mt={8}
      disabled={!isAllowed(cells.types, 'delete-line')}
      checked={isOff(row)}
      onChange={(event) => {
        const { delete: _, ...rest } = asked;
        onChange(event.currentTarget.checked ? { ...rest, delete: true } : rest);
      }}
    />
  );
}

const columns: readonly Column<ChangeableLine>[] = [
  {
    name: 'line',
    header: 'Line',
    align: 'right',
    cell: ({ line }) => line.buyerLineNumber ?? line.lineNumber,
  },
  { name: 'item', header: 'Item', wrap: true, cell: (row) => <Item {...row} /> },
  { name: 'quantity', header: 'Quantity', wrap: true, cell: (row) => <Quantity {...row} /> },
  ...lineDays.map(
    ([field, type, label]): Column<ChangeableLine> => ({
      name: field,
      header: label,
      cell: (row) => (
        <TextInput
          type="date"
          aria-label={`${label} of ${nameOf(row)}`}
          disabled={!isAllowed(row.cells.types, type) || !isWhole(row) || isOff(row)}
          value={row.asked[field] ?? ''}
          onChange={(event) => row.onChange({ ...row.asked, [field]: event.currentTarget.value })}
        />
      ),
    }),
  ),
  { name: 'delete', header: 'Delete', cell: (row) => <Delete {...row} /> },
];

/** The lines of which something may be changed now, by what the rules say. */
export function ChangeLines({ order, allowed, draft, onChange }: LinesProps) {
  const [search, setSearch] = useState('');
  const open = order.lines.flatMap((line) => {
    const cells = allowed.lines.find((one) => one.lineNumber === line.lineNumber);
    return cells && cells.status !== 'closed' && offers(cells) ? [{ line, cells }] : [];
  });
  const wanted = search.trim().toLowerCase();
  const found = open.filter(
    ({ line }) =>
      wanted === '' ||
      draft.lines[line.lineNumber] !== undefined ||
      [line.buyerLineNumber ?? String(line.lineNumber), line.itemId ?? '', line.description ?? '']
        .join(' ')
        .toLowerCase()
        .includes(wanted),
  );
  const closed = order.lines.length - open.length;
  return (
    <Stack gap="xs">
      {open.length > shownLines && (
        <TextInput
          label="Find a line"
          description={`${countOf(open.length, 'line')} may be changed; up to ${shownLines} are shown`}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {open.length > 0 && (
        <DataTable
          caption="Lines that may be changed"
          columns={columns}
          rows={found.slice(0, shownLines).map(({ line, cells }) => ({
            line,
            cells,
            asked: draft.lines[line.lineNumber] ?? {},
            onChange: (asked: LineDraft) =>
              onChange({ ...draft, lines: { ...draft.lines, [line.lineNumber]: asked } }),
          }))}
          keyOf={({ line }) => String(line.lineNumber)}
          empty="No line is called so."
        />
      )}
      {closed > 0 && (
        <Text size="sm" className="soft">
          {closed === 1 ? 'One line is' : `${closed} lines are`} closed, or not to be changed any more.
        </Text>
      )}
    </Stack>
  );
}

/** Lines to be added; none where the rules do not let any in. */
export function AddLines({ allowed, draft, onChange }: Omit<LinesProps, 'order'>) {
  if (!isAllowed(allowed.header, 'add-line')) return null;
  const set = (key: number, changed: Partial<AddedLine>) =>
    onChange({
      ...draft,
      added: draft.added.map((one) => (one.key === key ? { ...one, ...changed } : one)),
    });
  const next = Math.max(0, ...draft.added.map(({ key }) => key)) + 1;
  return (
    <Stack gap="xs">
      {draft.added.map(({ key, item, quantity, unit }, at) => (
        <Group key={key} align="flex-end" gap="sm">
          <TextInput
            label="Item"
            aria-label={`Item of new line ${at + 1}`}
            required
            maxLength={64}
            value={item}
            onChange={(event) => set(key, { item: event.currentTarget.value })}
          />
          <TextInput
            label="Quantity"
            aria-label={`Quantity of new line ${at + 1}`}
            required
            inputMode="decimal"
            w={110}
            value={quantity}
            error={quantity !== '' && !isQuantity(quantity.trim()) ? 'A number above zero' : undefined}
            onChange={(event) => set(key, { quantity: event.currentTarget.value })}
          />
          <TextInput
            label="Unit"
            aria-label={`Unit of new line ${at + 1}`}
            w={70}
            maxLength={3}
            value={unit}
            onChange={(event) => set(key, { unit: event.currentTarget.value })}
          />
          <Button
            variant="default"
            onClick={() => onChange({ ...draft, added: draft.added.filter((one) => one.key !== key) })}
          >
            Take out
          </Button>
        </Group>
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            onChange({ ...draft, added: [...draft.added, { key: next, item: '', quantity: '', unit: 'EA' }] })
          }
        >
          Add a line
        </Button>
      </Group>
    </Stack>
  );
}
