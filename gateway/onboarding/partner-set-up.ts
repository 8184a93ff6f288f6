import { z } from 'zod';
import { interchangePolicy } from '../agreement';

const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash and underscore');
const qualifier = z.string().regex(/^[A-Z0-9]{2}$/, 'two letters or digits');
const isaId = z.string().trim().min(1).max(15);
const gsId = z.string().trim().min(2).max(15);

export const setUpDocument = z.strictObject({
  direction: z.enum(['in', 'out']),
  set: z.string().regex(/^\d{3}$/),
  ownGsId: gsId,
  partnerGsId: gsId,
  /** GS08 */
  version: z.string().trim().min(6).max(12),
  guide: z.string().max(200).nullable().default(null),
  wanted: z.boolean().default(true),
  options: z.record(z.string(), z.unknown()).default({}),
  ackDeadlineMinutes: z.int().min(1).max(100_000).nullable().default(null),
});

/** Everything that one agreement with a partner needs. A partner or channel that is there already is named by its id. */
export const partnerSetUp = z.strictObject({
  partner: z.strictObject({
    id: code,
    name: z.string().trim().min(1).max(80),
    /** Whose orders its documents are; without one they cannot become orders. */
    customerId: z.string().max(64).nullable().default(null),
    status: z.enum(['onboarding', 'live']).default('live'),
  }),
  channel: z.strictObject({
    id: code,
    kind: z.enum(['https-mailbox', 'https-push', 'as2', 'sftp']).default('https-mailbox'),
    settings: z.record(z.string(), z.unknown()).default({}),
  }),
  agreement: z.strictObject({
    id: code,
    usage: z.enum(['P', 'T']),
    ownQualifier: qualifier,
    ownIsaId: isaId,
    partnerQualifier: qualifier,
    partnerIsaId: isaId,
    policy: z
      .record(z.string(), z.unknown())
      .default({})
      // Kept as given, so that only what differs from the defaults is stored.
      .check((context) => {
        const parsed = interchangePolicy.safeParse(context.value);
        for (const issue of parsed.error?.issues ?? [])
          context.issues.push({ ...issue, input: context.value } as never);
      }),
    documents: z.array(setUpDocument).max(100),
  }),
});
export type PartnerSetUp = z.output<typeof partnerSetUp>;
export type SetUpDocument = z.output<typeof setUpDocument>;
