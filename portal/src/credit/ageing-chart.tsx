import type { AgeingView } from '../../../api/contract/holds';
import { formatMoney, inWords } from '../parts/format';

const names: Readonly<Record<string, string>> = {
  'not-due': 'Not due',
  '1-30': '1–30 days past due',
  '31-60': '31–60 days past due',
  '61-90': '61–90 days past due',
  'over-90': 'Over 90 days past due',
};
const colors: Readonly<Record<string, string>> = {
  'not-due': '#2f6ea8',
  '1-30': '#c77d0a',
  '31-60': '#b8560f',
  '61-90': '#a93a17',
  'over-90': '#8f1d1d',
};

/** What is open by its age. Each bar has its amount beside it, so that no colour has to be told apart. */
export function AgeingChart({ ageing }: { readonly ageing: AgeingView }) {
  const largest = Math.max(1, ...ageing.buckets.map(({ amount }) => amount.amountMinor));
  return (
    <table className="ageing">
      <caption className="visually-hidden">Open receivables by age</caption>
      <tbody>
        {ageing.buckets.map(({ bucket, amount }) => (
          <tr key={bucket}>
            <th scope="row">{names[bucket] ?? inWords(bucket)}</th>
            <td className="ageing-track" aria-hidden>
              <div
                className="ageing-bar"
                style={{
                  width: `${(amount.amountMinor / largest) * 100}%`,
                  background: colors[bucket] ?? '#7a8594',
                }}
              />
            </td>
            <td className="ageing-amount">{formatMoney(amount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
