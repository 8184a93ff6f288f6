import { z } from 'zod';
import { instant, json, pageOf, pageQuery } from './common';

export const partner = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['onboarding', 'live', 'suspended']),
    customerId: z.string().nullable(),
    interchangeAgreements: z.array(
      z.object({
        id: z.string(),
        usage: z.enum(['P', 'T']),
        own: z.string().meta({ example: 'ZZ:HUB' }),
        partner: z.string().meta({ example: 'ZZ:ACME' }),
        channel: z.string(),
        active: z.boolean(),
        /** What was agreed about the envelope, as far as it differs from the defaults. */
        policy: z.record(z.string(), z.unknown()),
        documents: z.array(
          z.object({
            direction: z.enum(['in', 'out']),
            setId: z.string(),
            version: z.string(),
            guide: z.string().nullable(),
          }),
        ),
      }),
    ),
    history: z
      .array(
        z.object({
          at: instant,
          by: z.string(),
          kind: z.enum(['set-up', 'status', 'key', 'guide']),
          detail: z.record(z.string(), z.string().nullable()),
        }),
      )
      .meta({
        description:
          'Who set it up, suspended or resumed it, gave it a key or assigned a guide, the newest first (at most 50). Empty for a partner itself.',
      }),
  })
  .meta({ id: 'Partner' });
export type PartnerView = z.infer<typeof partner>;
export const partnerPage = pageOf(partner, 'PartnerPage');
export const listPartnersQuery = z.object({ ...pageQuery });

/** The same shape as the body of a set-up; checked when it is sent back. */
export const partnerSetUpProposal = z
  .object({
    partner: z.object({
      id: z.string(),
      name: z.string(),
      customerId: z.string().nullable(),
      status: z.enum(['onboarding', 'live']),
    }),
    channel: z.object({ id: z.string(), kind: z.string(), settings: z.record(z.string(), z.unknown()) }),
    agreement: z.object({
      id: z.string(),
      usage: z.enum(['P', 'T']),
      ownQualifier: z.string(),
      ownIsaId: z.string(),
      partnerQualifier: z.string(),
      partnerIsaId: z.string(),
      policy: z.record(z.string(), z.unknown()),
      documents: z.array(
        z.object({
          direction: z.enum(['in', 'out']),
          set: z.string(),
          ownGsId: z.string(),
          partnerGsId: z.string(),
          version: z.string(),
          guide: z.string().nullable(),
          wanted: z.boolean(),
          options: json,
          ackDeadlineMinutes: z.int().nullable(),
        }),
      ),
    }),
  })
  .meta({ id: 'PartnerSetUpProposal' });
export type PartnerSetUpProposalView = z.infer<typeof partnerSetUpProposal>;
export const partnerSetUpDone = z
  .object({ partnerId: z.string(), agreementId: z.string() })
  .meta({ id: 'PartnerSetUpDone' });

const partnerStatuses = z.enum(['onboarding', 'live', 'suspended']);
export const changeStatusBody = z
  .strictObject({ status: partnerStatuses })
  .meta({ id: 'ChangePartnerStatus' });
export const partnerStatus = z
  .object({ partnerId: z.string(), status: partnerStatuses })
  .meta({ id: 'PartnerStatus' });

export const partnerKey = z
  .object({
    key: z.string().meta({ description: 'Shown this once' }),
    isaIds: z
      .array(z.string())
      .meta({ description: 'Whose interchanges it may bring', example: ['ZZ:ACME'] }),
  })
  .meta({ id: 'PartnerKey' });
