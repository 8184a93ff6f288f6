import type { Visibility } from '../../db/repositories/visibility';
import type { Scope } from '../contract/session';
import { forbidden, Problem } from '../problems';

/** Who is calling: a key of a partner, of a buyer (customer), or of the seller's own people and systems. */
export interface Principal {
  readonly keyId: string;
  readonly keyExpiresAt: string | null;
  readonly name: string;
  readonly scopes: ReadonlySet<string>;
  readonly partnerId: string | null;
  readonly customerId: string | null;
  /** Set for people of one store: they see and do nothing but its tasks. */
  readonly nodeId: string | null;
  /** Set for keys of people: only a person decides. */
  readonly person: string | null;
  readonly roles: readonly string[];
  /** A browser session; its writes carry the portal's header against forged cross-site requests. */
  readonly sessionId: string | null;
}

/** Empty for the seller's own people: they see everything. */
export function visibilityOf(principal: Principal): Visibility {
  // A key bound to both sees only what satisfies both.
  return {
    ...(principal.partnerId !== null && { partnerId: principal.partnerId }),
    ...(principal.customerId !== null && { customerId: principal.customerId }),
  };
}

export const isOwnStaff = (principal: Principal) =>
  principal.partnerId === null && principal.customerId === null && principal.nodeId === null;

/** @param why what is told to a buyer or partner who asks: whose business it is */
export function requireOwnStaff(principal: Principal, why: string): void {
  if (!isOwnStaff(principal)) throw forbidden(why);
}

/** One of these scopes is enough. */
export function requireScope(principal: Principal, wanted: readonly Scope[]): void {
  if (wanted.length === 0 || wanted.some((scope) => principal.scopes.has(scope))) return;
  throw forbidden(
    `This key has no scope ${wanted.map((scope) => `"${scope}"`).join(' or ')}. Ask for a key that has it.`,
  );
}

export function requirePerson(principal: Principal): string {
  if (principal.person !== null) return principal.person;
  throw new Problem(
    403,
    'person-needed',
    'A person has to decide',
    'This key belongs to a system. Decisions are taken by people: use the key of a person.',
  );
}
