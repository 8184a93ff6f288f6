import { Link } from 'react-router';
import type { MoneyView } from '../../../api/contract/common';
import type { ExposureView } from '../../../api/contract/holds';
import { formatMoney } from '../parts/format';
import { Age } from '../parts/instant';

interface ExposureBarProps {
  readonly exposure: ExposureView;
  /** The order in question, drawn on top of what is used already. */
  readonly order?: MoneyView;
  /** False on the account's own page. */
  readonly linked?: boolean;
}

export function ExposureBar({ exposure, order, linked = true }: ExposureBarProps) {
  const limit = exposure.limit.amountMinor;
  const wanted = order?.amountMinor ?? 0;
  const whole = Math.max(limit, exposure.total.amountMinor + wanted, 1);
  const share = (amountMinor: number) => `${Math.max(0, Math.min(100, (amountMinor / whole) * 100))}%`;
  const over = exposure.total.amountMinor + wanted - limit;
  return (
    <div className="exposure">
      <div className="small">
        {linked ? (
          <Link className="link" to={`/credit/${exposure.creditAccountId}`}>
            {formatMoney(exposure.total)}
          </Link>
        ) : (
          <strong>{formatMoney(exposure.total)}</strong>
        )}{' '}
        of {formatMoney(exposure.limit)} used
      </div>
      <div className="exposure-bar" aria-hidden>
        <span className="exposure-used" style={{ width: share(exposure.total.amountMinor) }} />
        <span className="exposure-order" style={{ width: share(wanted) }} />
      </div>
      <div className="small soft">
        {exposure.blocked ? 'Account blocked. ' : ''}
        {over > 0 && order ? 'Over the limit with this order' : `${formatMoney(exposure.available)} free`}
        {exposure.receivablesAsOf !== null && (
          <>
            {' · receivables '}
            <Age since={exposure.receivablesAsOf} /> old
          </>
        )}
      </div>
    </div>
  );
}
