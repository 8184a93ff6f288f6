import { useEffect, useState } from 'react';
import { formatInstant, formatInstantFully, formatSpan, secondsSince } from './format';

export function Instant({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={formatInstantFully(at)}>
      {formatInstant(at)}
    </time>
  );
}

/** The time of this moment, anew every so often, so that ages grow while one looks. */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function Age({ since }: { readonly since: string }) {
  const now = useNow();
  return (
    <time dateTime={since} title={formatInstantFully(since)}>
      {formatSpan(secondsSince(since, now))}
    </time>
  );
}

/** "in 3 h", or how long it is overdue: said in words, not in colour alone. */
export function Deadline({ at }: { readonly at: string }) {
  const now = useNow();
  const late = secondsSince(at, now);
  return (
    <time dateTime={at} title={formatInstantFully(at)} className={late > 0 ? 'overdue' : undefined}>
      {late > 0 ? `overdue by ${formatSpan(late)}` : `in ${formatSpan(-late)}`}
    </time>
  );
}
