import { z } from 'zod';
import { pageOf, pageQuery } from './common';

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
  })
  .meta({ id: 'Partner' });
export type PartnerView = z.infer<typeof partner>;
export const partnerPage = pageOf(partner, 'PartnerPage');
export const listPartnersQuery = z.object({ ...pageQuery });
