import { inWords } from './format';

type Tone = 'neutral' | 'info' | 'good' | 'warning' | 'bad' | 'done';

/** One colour a meaning, the same for orders, lines, shipments and documents; the word always stands beside it. */
const tones: Readonly<Record<string, Tone>> = {
  placed: 'info',
  confirmed: 'info',
  fulfilling: 'info',
  released: 'info',
  'at-warehouse': 'info',
  reserved: 'info',
  planned: 'neutral',
  held: 'warning',
  open: 'warning',
  'partly-reserved': 'warning',
  backordered: 'warning',
  'to-call-off': 'neutral',
  'called-off': 'good',
  requested: 'warning',
  converted: 'good',
  'partly-shipped': 'info',
  expected: 'neutral',
  pending: 'neutral',
  received: 'neutral',
  'not-expected': 'neutral',
  'accepted-with-errors': 'warning',
  overdue: 'bad',
  quarantined: 'warning',
  judged: 'good',
  duplicate: 'neutral',
  escalated: 'bad',
  shipped: 'good',
  'picked-up': 'info',
  'in-transit': 'info',
  'out-for-delivery': 'info',
  exception: 'bad',
  invoiced: 'good',
  completed: 'good',
  accepted: 'good',
  delivered: 'good',
  sent: 'good',
  resolved: 'good',
  answered: 'good',
  paid: 'good',
  rejected: 'bad',
  undeliverable: 'bad',
  failed: 'bad',
  expired: 'bad',
  cancelled: 'done',
  withdrawn: 'done',
  'in-force': 'good',
  'to-come': 'info',
  superseded: 'done',
};

export function StateBadge({ state, tone }: { readonly state: string; readonly tone?: Tone }) {
  return <span className={`badge badge-${tone ?? tones[state] ?? 'neutral'}`}>{inWords(state)}</span>;
}
