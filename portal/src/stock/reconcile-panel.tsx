import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reconcileQuery } from '../http/queries';
import { formatCount } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';

/** Compares what is kept as a sum with what it sums up, when somebody asks: it reads the whole record. */
export function ReconcilePanel() {
  const report = useQuery({ ...reconcileQuery(), enabled: false });
  const { data, error, isFetching } = report;
  return (
    <section className="panel" aria-label="Reconciliation" style={{ marginTop: '1rem' }}>
      <Group justify="space-between" align="center">
        <Text size="sm">
          {data === undefined
            ? 'Do reservations, carts and what is kept add up to the levels?'
            : data.differences.length === 0
              ? `All ${data.checks.length} comparisons agree.`
              : `${data.differences.length} differences.`}
        </Text>
        <Button variant="default" loading={isFetching} onClick={() => void report.refetch()}>
          Reconcile
        </Button>
      </Group>
      {error && <ProblemAlert error={error} onRetry={() => void report.refetch()} />}
      {data !== undefined && data.differences.length > 0 && (
        <ul>
          {data.differences.slice(0, 50).map((one) => (
            <li key={`${one.check}/${one.subject}`} className="small">
              <strong>{one.subject}</strong>: {one.check} — {formatCount(one.expected)} expected,{' '}
              {formatCount(one.found)} found
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
