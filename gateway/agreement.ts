import { z } from 'zod';
import type { AgreementRow } from '../db/repositories/agreements';
import type { Usage } from '../domain/order/order-request';
import { businessCodes } from '../edi/business/business-finding';
import { deviationCodes } from '../edi/x12/deviation';

const separator = z
  .string()
  .length(1)
  .regex(/^[^A-Za-z0-9 ]$/, 'a separator is neither letter, digit nor blank');

/**
 * What was agreed with a partner about the envelope. Every field has the default of the trade, so that a stored policy
 * names only what differs.
 */
export const interchangePolicy = z
  .strictObject({
    /** on-request: when ISA14 is 1; never: not even then. */
    ta1: z.enum(['on-request', 'always', 'never']).default('on-request'),
    acknowledgement: z.enum(['997', '999', 'none']).default('997'),
    /** AK2/AK5 for every set, or for the rejected ones only. */
    acknowledgementDetail: z.enum(['all', 'rejected']).default('all'),
    /** 'segment:5' (AK304), 'element:7' (AK403): findings that do not reject the set; it is accepted with E. */
    tolerated: z.array(z.string().regex(/^(segment|element):\w{1,3}$/)).default([]),
    /** Deviation code -> what is done about it, where the default is not wanted. */
    leniency: z.partialRecord(z.enum(deviationCodes), z.enum(['accept', 'warn', 'reject'])).default({}),
    duplicateWindowDays: z.number().int().min(1).max(3650).default(30),
    /** How what goes out is written. */
    separators: z
      .strictObject({ element: separator, component: separator, repetition: separator, segment: separator })
      .default({ element: '*', component: '>', repetition: '^', segment: '~' }),
    characterSet: z.enum(['basic', 'extended', 'utf-8']).default('extended'),
    /** ISA12 of what goes out before 005010; 005010 always travels in 00501. */
    version: z
      .string()
      .regex(/^00[2-9]\d\d$/)
      .default('00401'),
    /** ISA14 of outbound documents. Acknowledgements never ask for one. */
    requestTa1: z.boolean().default(false),
    /** Documents requested within this window travel in one interchange; 0: at once. */
    batchSeconds: z.number().int().min(0).max(86_400).default(0),
    maxDocumentsPerInterchange: z.number().int().min(1).max(1000).default(100),
    /** How long an 860 waits for its 850, where it is not the hub's usual time. */
    changeWaitMinutes: z.number().int().min(0).max(10_080).optional(),
    /**
     * A group that no inbound document agreement names (its kind, both GS ids, its release): accept it and tell
     * somebody, or reject it (AK905 1, 2 where only the release differs). Where nothing is named, nothing is undeclared.
     */
    undeclaredDocuments: z.enum(['accept', 'reject']).default('accept'),
    /** What follows from a fault of business (edi/business), where the hub's own default is not wanted. */
    business: z.partialRecord(z.enum(businessCodes), z.enum(['hold', 'advise', 'warn'])).default({}),
    /** false: this partner never sends a 997 or 999, so none is missed. */
    acknowledges: z.boolean().default(true),
  })
  .prefault({});
export type InterchangePolicy = z.infer<typeof interchangePolicy>;

export interface DocumentAgreement {
  readonly direction: 'in' | 'out';
  readonly set: string;
  readonly ownGsId: string;
  readonly partnerGsId: string;
  /** GS08. */
  readonly version: string;
  readonly guide: string | null;
  readonly wanted: boolean;
  /** For the mapping of this set, for example `{ "structure": "0001" }` (BSN05). */
  readonly options: Readonly<Record<string, unknown>>;
  readonly ackDeadlineMinutes: number | null;
}

export interface InterchangeAgreement {
  readonly id: string;
  readonly partnerId: string;
  readonly partnerStatus: 'onboarding' | 'live' | 'suspended';
  readonly customerId: string | null;
  /** The selling entity that is addressed, and the zone in which its documents are dated. */
  readonly entityId: string | null;
  readonly timeZone: string;
  readonly partnerTimeZone: string;
  readonly ownQualifier: string;
  readonly ownIsaId: string;
  readonly partnerQualifier: string;
  readonly partnerIsaId: string;
  readonly usage: Usage;
  readonly channelId: string;
  readonly channelKind: string;
  readonly policy: InterchangePolicy;
  readonly documents: readonly DocumentAgreement[];
  readonly guides: readonly GuideDates[];
}

/** A version of a guide that one of the documents names, and the partner's days on which it is in force. */
export interface GuideDates {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly from: string;
  readonly until: string | null;
}

export const mappingOptions = z.record(z.string(), z.unknown());

const documentAgreements = z.array(
  z.object({
    direction: z.enum(['in', 'out']),
    set: z.string(),
    ownGsId: z.string(),
    partnerGsId: z.string(),
    version: z.string(),
    guide: z.string().nullable(),
    wanted: z.boolean(),
    options: mappingOptions,
    ackDeadlineMinutes: z.number().nullable(),
  }),
);

const guideDates = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    version: z.number(),
    from: z.string(),
    until: z.string().nullable(),
  }),
);

/** @throws ZodError when a stored policy is not one: the agreement must be mended before anything goes by it */
export function parseAgreement(row: AgreementRow): InterchangeAgreement {
  return {
    id: row.id,
    partnerId: row.partner_id,
    partnerStatus: row.partner_status,
    customerId: row.customer_id,
    entityId: row.entity_id,
    timeZone: row.time_zone ?? 'UTC',
    partnerTimeZone: row.partner_time_zone ?? row.time_zone ?? 'UTC',
    ownQualifier: row.own_qualifier,
    ownIsaId: row.own_isa_id,
    partnerQualifier: row.partner_qualifier,
    partnerIsaId: row.partner_isa_id,
    usage: row.usage,
    channelId: row.channel_id,
    channelKind: row.channel_kind,
    policy: interchangePolicy.parse(row.policy),
    documents: documentAgreements.parse(row.documents),
    guides: guideDates.parse(row.guides),
  };
}

/** Why nothing is exchanged under this agreement now; null where it is. */
export function notExchanged({ partnerId, partnerStatus, usage }: InterchangeAgreement): string | null {
  if (partnerStatus === 'suspended') return `partner ${partnerId} is suspended`;
  if (partnerStatus === 'onboarding' && usage === 'P')
    return `partner ${partnerId} is not live yet: only test interchanges (ISA15 T) are exchanged with it`;
  return null;
}

/** The outbound agreement for a set, or the reason why there is none. */
export function outboundAgreement(
  agreement: InterchangeAgreement,
  set: string,
): DocumentAgreement | undefined {
  return agreement.documents.find((document) => document.direction === 'out' && document.set === set);
}

/** The inbound agreement for a set; where there are several, the one of the document's own version. */
export function inboundAgreement(
  agreement: InterchangeAgreement,
  set: string,
  version: string,
): DocumentAgreement | undefined {
  const ofSet = agreement.documents.filter((one) => one.direction === 'in' && one.set === set);
  return ofSet.find((one) => one.version === version) ?? ofSet[0];
}
