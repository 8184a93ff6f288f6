import {
  AppShell,
  Badge,
  Burger,
  Button,
  Group,
  NavLink as MantineNavLink,
  Stack,
  Text,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router';
import type { Scope } from '../../../api/contract/session';
import { exceptionsQuery, holdsQuery } from '../http/queries';
import { timeZone } from '../parts/format';
import { KeyEnd } from '../session/key-end';
import { useLogOut, useMay, useSession } from '../session/session';

interface Place {
  readonly to: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** The seller's own work, which buyers and partners do not see. */
  readonly ownOnly?: boolean;
  /** The business of a buyer's own company. */
  readonly buyersOnly?: boolean;
}

/** Where somebody may have something to do: how much it is stands beside the name. */
const queues: ReadonlySet<string> = new Set(['/holds', '/exceptions']);

const places: readonly Place[] = [
  { to: '/orders', label: 'Orders', scopes: ['orders:read'] },
  { to: '/drafts', label: 'Drafts', scopes: ['orders:read'] },
  { to: '/quotes', label: 'Quotes', scopes: ['orders:read'] },
  { to: '/approvals', label: 'Approvals', scopes: ['orders:write'], buyersOnly: true },
  { to: '/company', label: 'Limits and budgets', scopes: ['orders:write'], buyersOnly: true },
  { to: '/company', label: 'Buyers’ limits', scopes: ['partners:write'], ownOnly: true },
  { to: '/holds', label: 'Held orders', scopes: ['holds:read', 'holds:decide'], ownOnly: true },
  { to: '/store-tasks', label: 'Store tasks', scopes: ['stores:work'] },
  { to: '/store-keys', label: 'Store keys', scopes: ['partners:write'], ownOnly: true },
  { to: '/credit-cases', label: 'Credit cases', scopes: ['credit:read'], ownOnly: true },
  { to: '/credit', label: 'Credit accounts', scopes: ['credit:read'], ownOnly: true },
  { to: '/exceptions', label: 'Exceptions', scopes: ['exceptions:read', 'exceptions:write'], ownOnly: true },
  { to: '/notices', label: 'Notices', scopes: ['exceptions:read', 'exceptions:write'], ownOnly: true },
  { to: '/documents', label: 'Documents', scopes: ['documents:read'] },
  { to: '/supplier-orders', label: 'Supplier orders', scopes: ['orders:read'], ownOnly: true },
  {
    to: '/suppliers',
    label: 'Suppliers',
    scopes: ['partners:read', 'partners:write', 'prices:write'],
    ownOnly: true,
  },
  { to: '/stock', label: 'Stock', scopes: ['inventory:read'] },
  { to: '/prices', label: 'Prices', scopes: ['prices:read', 'prices:write'], ownOnly: true },
  { to: '/rules', label: 'Rules', scopes: ['rules:read', 'rules:write'], ownOnly: true },
  { to: '/sourcing', label: 'Sourcing', scopes: ['rules:read', 'rules:write'], ownOnly: true },
];

/** How many wait for somebody; up to a page is counted, more is "50+". */
function Waiting({ to }: { readonly to: string }) {
  const holds = useQuery({ ...holdsQuery({ limit: 50 }), enabled: to === '/holds' });
  const exceptions = useQuery({ ...exceptionsQuery({ limit: 50 }), enabled: to === '/exceptions' });
  const page = to === '/holds' ? holds.data : exceptions.data;
  if (!page || page.items.length === 0) return null;
  const count = `${page.items.length}${page.next === null ? '' : '+'}`;
  return (
    <Badge size="sm" circle={count.length === 1} color="hub.8" aria-label={`${count} waiting`}>
      {count}
    </Badge>
  );
}

function Navigation({ onNavigate }: { readonly onNavigate: () => void }) {
  const may = useMay();
  const session = useSession();
  const { pathname } = useLocation();
  const own = session.partnerId === null && session.customerId === null;
  const shown = places.filter(
    (place) =>
      may(...place.scopes) && (own || !place.ownOnly) && (session.customerId !== null || !place.buyersOnly),
  );
  return (
    <Stack gap={2} component="nav" aria-label="Main">
      {shown.map((place) => (
        <MantineNavLink
          key={place.to}
          component={NavLink}
          to={place.to}
          label={place.label}
          active={pathname === place.to || pathname.startsWith(`${place.to}/`)}
          onClick={onNavigate}
          rightSection={queues.has(place.to) ? <Waiting to={place.to} /> : undefined}
          style={{ borderRadius: 6 }}
        />
      ))}
      <MantineNavLink href="/docs" label="API reference" style={{ borderRadius: 6 }} />
      <Text className="soft small" px="sm" pt="xs">
        Times are those of {timeZone()}.
      </Text>
    </Stack>
  );
}

export function Shell({ children }: { readonly children: ReactNode }) {
  const [open, { toggle, close }] = useDisclosure();
  const session = useSession();
  const logOut = useLogOut();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !open } }}
        padding="lg"
      >
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
              <img src="/hub.svg" alt="" width={28} height={28} />
              <Text fw={650}>Order hub</Text>
            </Group>
            <Group gap="sm" wrap="nowrap">
              <Text size="sm" className="soft" truncate visibleFrom="xs">
                {session.name}
              </Text>
              <Button variant="default" size="xs" onClick={() => void logOut()}>
                Log out
              </Button>
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" style={{ overflowY: 'auto' }}>
          <Navigation onNavigate={close} />
        </AppShell.Navbar>
        <AppShell.Main id="main">
          <KeyEnd />
          {children}
        </AppShell.Main>
      </AppShell>
    </>
  );
}
