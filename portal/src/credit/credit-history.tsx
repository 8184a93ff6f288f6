import type { CreditAccountView } from '../../../api/contract/holds';
import { type Column, DataTable } from '../parts/data-table';
import { formatDate, formatMinorUnits, inWords } from '../parts/format';
import { Instant } from '../parts/instant';

type Change = CreditAccountView['history'][number];
type Values = Readonly<Record<string, unknown>>;

const valuesOf = (json: unknown): Values =>
  typeof json === 'object' && json !== null ? (json as Values) : {};

interface Field {
  readonly name: string;
  readonly show: (value: unknown, currency: string) => string;
}
const text = (value: unknown) =>
  typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value);
const day = (value: unknown) => (typeof value === 'string' ? formatDate(value) : 'open');

const fields: Readonly<Record<string, Field>> = {
  limit_minor: {
    name: 'Limit',
    show: (value, currency) => (typeof value === 'number' ? formatMinorUnits(value, currency) : text(value)),
  },
  limit_valid_from: { name: 'Valid from', show: day },
  limit_valid_to: { name: 'Valid to', show: day },
  blocked: { name: 'Blocked', show: (value) => (value === true ? 'yes' : 'no') },
  risk_class: { name: 'Risk class', show: text },
  parent_id: { name: 'Account above', show: text },
  temporaryLimit: { name: 'Temporary limit', show: text },
  validFrom: { name: 'From', show: day },
  validTo: { name: 'To', show: day },
};

const order = Object.keys(fields);
const byPlace = (one: string, other: string) => order.indexOf(one) - order.indexOf(other);

/** Each value from what to what; what was not there before is told as it is now. */
function Differences({ change, currency }: { readonly change: Change; readonly currency: string }) {
  const before = valuesOf(change.before);
  const after = valuesOf(change.after);
  const changed = Object.keys({ ...before, ...after });
  return changed.toSorted(byPlace).map((key) => {
    const { name, show } = fields[key] ?? { name: inWords(key), show: text };
    return (
      <div key={key}>
        {name}:{' '}
        {key in before && (
          <>
            <span className="soft">{show(before[key], currency)}</span> <span aria-hidden>→</span>
            <span className="visually-hidden"> becomes </span>{' '}
          </>
        )}
        <strong>{show(after[key], currency)}</strong>
      </div>
    );
  });
}

/** Who changed what of the account, when, why, from what to what; newest first. */
export function CreditHistory({ account }: { readonly account: CreditAccountView }) {
  const columns: readonly Column<Change>[] = [
    { name: 'when', header: 'When', cell: (change) => <Instant at={change.at} /> },
    { name: 'who', header: 'Who', cell: (change) => change.person },
    {
      name: 'what',
      header: 'What',
      wrap: true,
      cell: (change) => <Differences change={change} currency={account.currency} />,
    },
    { name: 'why', header: 'Why', wrap: true, cell: (change) => change.reason },
  ];
  return (
    <DataTable
      caption="History of the account"
      columns={columns}
      rows={account.history}
      keyOf={(change) => `${change.at}/${JSON.stringify(change.after)}`}
      empty="Nothing was changed yet."
    />
  );
}
