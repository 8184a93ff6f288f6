import type { CreditCaseView } from '../../../api/contract/credit';
import { type Column, DataTable } from '../parts/data-table';
import { formatMinorUnits, inWords } from '../parts/format';
import { Instant } from '../parts/instant';

interface Snapshot {
  readonly at: string;
  readonly exposure: { readonly totalMinor: number };
  readonly limit: { readonly totalMinor: number };
  readonly asOf: string | null;
}
interface Row extends Snapshot {
  readonly name: string;
}

/** Null where nothing was kept: the case is open, or it was closed without reading the account again. */
const snapshotOf = (json: unknown): Snapshot | null =>
  typeof json === 'object' && json !== null && 'exposure' in json && 'limit' in json
    ? (json as Snapshot)
    : null;

/** The account as it was when the case was opened and when it was decided: what the decision was taken on. */
export function CaseSnapshots({ found }: { readonly found: CreditCaseView }) {
  // Of the account, which may have another than the order.
  const { currency } = (found.exposure ?? { limit: found.order.total }).limit;
  const rows = [
    { name: 'When it was opened', kept: snapshotOf(found.opened) },
    { name: 'When it was decided', kept: snapshotOf(found.decided) },
  ].flatMap(({ name, kept }) => (kept === null ? [] : [{ name, ...kept }]));
  const money = (minor: number) => formatMinorUnits(minor, currency);
  const columns: readonly Column<Row>[] = [
    {
      name: 'when',
      header: 'Figures kept',
      cell: (row) => (
        <>
          {row.name}
          <div className="soft small">
            <Instant at={row.at} />
          </div>
        </>
      ),
    },
    { name: 'limit', header: 'Limit', align: 'right', cell: (row) => money(row.limit.totalMinor) },
    { name: 'exposure', header: 'Exposure', align: 'right', cell: (row) => money(row.exposure.totalMinor) },
    {
      name: 'free',
      header: 'Free',
      align: 'right',
      cell: (row) => money(row.limit.totalMinor - row.exposure.totalMinor),
    },
    {
      name: 'asOf',
      header: 'Receivables as of',
      cell: (row) => (row.asOf === null ? 'never read' : <Instant at={row.asOf} />),
    },
  ];
  if (rows.length === 0) return null;
  return (
    <section>
      <DataTable
        caption="Figures kept with the case, without this order"
        columns={columns}
        rows={rows}
        keyOf={(row) => row.name}
        empty=""
      />
      {found.decisionCode !== null && (
        <p className="small soft">Counted as: {inWords(found.decisionCode).toLowerCase()}</p>
      )}
    </section>
  );
}
