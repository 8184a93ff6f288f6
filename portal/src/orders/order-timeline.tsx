import { Chip, Group, Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { TimelineEntryView } from '../../../api/contract/orders';
import { timelineQuery } from '../http/queries';
import { formatCount } from '../parts/format';
import { Instant } from '../parts/instant';
import { ProblemAlert } from '../parts/problem-alert';
import { ShowMore, useShown } from '../parts/show-more';
import { DecisionDetails } from './decision-details';

const kinds = [
  { value: 'document', label: 'Documents' },
  { value: 'decision', label: 'Decisions' },
  { value: 'hold', label: 'Holds' },
  { value: 'event', label: 'Events' },
  { value: 'change', label: 'Changes' },
  { value: 'call', label: 'Calls' },
] as const;

/** "partner:ACME" as people say it. */
function actorText(actor: string | null): string | null {
  if (actor === null || actor === 'hub') return null;
  const [kind, name] = actor.split(':');
  return name === undefined ? actor : `${kind} ${name}`;
}

const Points = ({ points }: { readonly points: readonly string[] }) => (
  <ul>
    {points.map((point) => (
      <li key={point}>{point}</li>
    ))}
  </ul>
);

/** A decision says something of each line: the rest of a long order's is a click away. */
const mostPoints = 10;

/** Explanations have one point a line. */
function EntryText({ text }: { readonly text: string }) {
  const points = text.split('\n');
  if (points.length === 1) return <p>{text}</p>;
  if (points.length <= mostPoints) return <Points points={points} />;
  return (
    <>
      <Points points={points.slice(0, mostPoints)} />
      <details>
        <summary>{formatCount(points.length - mostPoints)} more</summary>
        <Points points={points.slice(mostPoints)} />
      </details>
    </>
  );
}

function Entry({ entry, currency }: { readonly entry: TimelineEntryView; readonly currency: string }) {
  const actor = actorText(entry.actor);
  return (
    <li className="timeline-entry">
      <div className="timeline-when">
        <Instant at={entry.at} />
      </div>
      <div className="timeline-rail" aria-hidden>
        <span className={`timeline-dot ${entry.kind}`} />
      </div>
      <div className="timeline-body">
        <span className="timeline-title">{entry.title}</span>
        {actor !== null && <span className="soft small"> · {actor}</span>}
        <EntryText text={entry.text} />
        {entry.documentId !== null && (
          <Link className="link small" to={`/documents/${entry.documentId}`}>
            View the document
          </Link>
        )}
        {entry.kind === 'decision' && <DecisionDetails data={entry.data} currency={currency} />}
      </div>
    </li>
  );
}

export function OrderTimeline({
  orderId,
  currency,
}: {
  readonly orderId: string;
  readonly currency: string;
}) {
  const timeline = useQuery(timelineQuery(orderId));
  const [shown, setShown] = useState<string[]>([]);
  const entries = timeline.data?.items;
  const chosen = (entries ?? []).filter((entry) => shown.length === 0 || shown.includes(entry.kind));
  const list = useShown(chosen.length);
  const present = kinds.filter((kind) => entries?.some((entry) => entry.kind === kind.value));
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id="timeline">
          Timeline
        </Title>
        <Chip.Group multiple value={shown} onChange={setShown}>
          <Group gap={6} role="group" aria-label="Show only">
            {present.map((kind) => (
              <Chip key={kind.value} value={kind.value} size="xs" variant="outline">
                {kind.label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      {timeline.error && !entries && (
        <ProblemAlert error={timeline.error} onRetry={() => void timeline.refetch()} />
      )}
      {!entries && !timeline.error && <Skeleton height={160} />}
      {entries && (
        <div className="panel">
          <ShowMore list={list} which="earlier" />
          <ol className="timeline">
            {chosen.slice(chosen.length - list.shown).map((entry) => (
              <Entry key={entry.id} entry={entry} currency={currency} />
            ))}
          </ol>
        </div>
      )}
    </>
  );
}
