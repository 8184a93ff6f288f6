import { Button, Drawer, Group, NativeSelect, NavLink, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import type { RuleKindView, RuleVersionView } from '../../../api/contract/rules';
import { ruleKindsQuery, rulesQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { RuleEditor } from './rule-editor';
import { nameInWords } from './schema';

export function RulesPage() {
  const { kind } = useParams();
  const navigate = useNavigate();
  const kinds = useQuery(ruleKindsQuery());
  if (kinds.error) return <ProblemAlert error={kinds.error} onRetry={() => void kinds.refetch()} />;
  const [first] = kinds.data?.items ?? [];
  if (kind === undefined && first) return <Navigate to={`/rules/${first.kind}`} replace />;
  const chosen = kinds.data?.items.find((one) => one.kind === kind);
  return (
    <>
      <PageHead title="Rules" />
      <NativeSelect
        hiddenFrom="sm"
        mb="md"
        label="Kind of rule"
        data={kinds.data?.items.map((one) => ({ value: one.kind, label: one.title })) ?? []}
        value={kind ?? ''}
        onChange={(event) => void navigate(`/rules/${event.currentTarget.value}`)}
      />
      <Group align="flex-start" wrap="nowrap" gap="lg">
        <Stack
          component="nav"
          aria-label="Kinds of rules"
          visibleFrom="sm"
          gap={2}
          w={220}
          style={{ flex: 'none' }}
        >
          {kinds.data?.items.map((one) => (
            <NavLink
              key={one.kind}
              component={Link}
              to={`/rules/${one.kind}`}
              label={one.title}
              active={one.kind === kind}
              style={{ borderRadius: 6 }}
            />
          ))}
        </Stack>
        <div style={{ flex: 1, minWidth: 0 }}>
          {chosen && <RulesOfKind key={chosen.kind} kind={chosen} />}
          {kinds.data && !chosen && <Text>There is no such kind of rule.</Text>}
        </div>
      </Group>
    </>
  );
}

const stateOf = (rule: RuleVersionView) =>
  rule.withdrawn ? 'withdrawn' : rule.inForce ? 'in-force' : 'to-come';

function RulesOfKind({ kind }: { readonly kind: RuleKindView }) {
  const may = useMay();
  const session = useSession();
  const rules = useQuery(rulesQuery(kind.kind));
  const [edited, setEdited] = useState<RuleVersionView | 'new' | null>(null);
  const mayEdit = may('rules:write') && session.person !== null;
  const columns: readonly Column<RuleVersionView>[] = [
    { name: 'scope', header: 'For', wrap: true, cell: (rule) => <strong>{rule.scope}</strong> },
    {
      name: 'body',
      header: 'Says',
      wrap: true,
      cell: (rule) => <span className="rule-body">{rule.withdrawn ? '' : inShort(rule.body, kind)}</span>,
    },
    { name: 'state', header: 'State', cell: (rule) => <StateBadge state={stateOf(rule)} /> },
    { name: 'from', header: 'From', cell: (rule) => <Instant at={rule.validFrom} /> },
    {
      name: 'by',
      header: 'Saved by',
      wrap: true,
      cell: (rule) => (
        <>
          {rule.savedBy}, version {rule.version}
          <div className="soft small">{rule.note}</div>
        </>
      ),
    },
    {
      name: 'open',
      header: mayEdit ? 'Edit' : 'Look',
      cell: (rule) => (
        <Button
          size="xs"
          variant="default"
          aria-label={`${mayEdit ? 'Edit' : 'Look at'} ${rule.scope}`}
          onClick={() => setEdited(rule)}
        >
          {mayEdit ? 'Edit…' : 'Open…'}
        </Button>
      ),
    },
  ];
  return (
    <>
      <Group justify="space-between" align="flex-start" mb="sm">
        <div style={{ flex: '1 1 16rem' }}>
          <Text fw={600}>{kind.title}</Text>
          <Text size="sm">{kind.about}</Text>
          <Text size="sm" className="soft">
            One for each: {kind.scopeIs}
          </Text>
        </div>
        {mayEdit && (
          <Button onClick={() => setEdited('new')} style={{ flex: 'none' }}>
            New rule…
          </Button>
        )}
      </Group>
      {rules.error && !rules.data ? (
        <ProblemAlert error={rules.error} onRetry={() => void rules.refetch()} />
      ) : (
        <DataTable
          caption={`Rules: ${kind.title}`}
          columns={columns}
          rows={rules.data?.items}
          keyOf={(rule) => rule.scope}
          empty="No rule of its own: what the hub was delivered with holds."
        />
      )}
      <Drawer
        opened={edited !== null}
        onClose={() => setEdited(null)}
        position="right"
        size="lg"
        title={edited === 'new' ? `New: ${kind.title}` : `${kind.title}: ${edited?.scope ?? ''}`}
      >
        {edited !== null && (
          <RuleEditor
            kind={kind}
            rule={edited === 'new' ? null : edited}
            readOnly={!mayEdit}
            onDone={() => setEdited(null)}
          />
        )}
      </Drawer>
    </>
  );
}

/** In the order of the kind's form and in its words: "Subject: order; milestone: shipped". */
function inShort(body: unknown, { schema }: RuleKindView): string {
  const order = Object.keys((schema as { readonly properties?: object } | null)?.properties ?? {});
  const placeOf = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const sorted =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? Object.fromEntries(Object.entries(body).toSorted(([one], [other]) => placeOf(one) - placeOf(other)))
      : body;
  const text = valueInShort(sorted);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}

function valueInShort(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map((one) => (typeof one === 'object' ? `(${valueInShort(one)})` : valueInShort(one)))
      .join(', ');
  switch (typeof value) {
    case 'object':
      return value === null
        ? 'none'
        : Object.entries(value)
            .map(([name, one]) => `${nameInWords(name)}: ${valueInShort(one)}`)
            .join('; ');
    case 'number':
      return formatCount(value);
    case 'boolean':
      return value ? 'yes' : 'no';
    default:
      return String(value);
  }
}
