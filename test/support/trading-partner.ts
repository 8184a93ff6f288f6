import type { Db } from '../../db/connection';
import type { PartnerDocument } from '../../domain/partner/partner-document';

export interface PartnerSetUp {
  readonly partnerId?: string;
  readonly isaId?: string;
  readonly usage?: 'P' | 'T';
  readonly policy?: Record<string, unknown>;
  readonly channelKind?: string;
  readonly version?: string;
  readonly ackDeadlineMinutes?: number;
  /** Sets beside those of a buyer. */
  readonly alsoSends?: readonly string[];
}

/** A partner with its customer, an interchange agreement `<partner>-<usage>` and document agreements both ways. */
export async function setUpPartner(db: Db, given: PartnerSetUp = {}): Promise<string> {
  const {
    partnerId = 'ACME',
    isaId = partnerId,
    usage = 'P',
    policy = {},
    channelKind = 'https-mailbox',
    version = '004010',
  } = given;
  await db.raw(`
    insert into selling_entity (id, name, currency, time_zone, gs1_prefix) values ('HUBCO', 'Hub Co', 'USD', 'America/Chicago', '0614141') on conflict do nothing;
    insert into credit_account (id, entity_id, name, currency, limit_minor) values ('HUBCO-1', 'HUBCO', 'All', 'USD', 100000000) on conflict do nothing;
    insert into price_list (id, name, currency) values ('STD', 'Standard', 'USD') on conflict do nothing;`);
  const customer = {
    id: `${partnerId}-C`,
    name: partnerId,
    entity_id: 'HUBCO',
    credit_account_id: 'HUBCO-1',
    price_list_id: 'STD',
    currency: 'USD',
    time_zone: 'America/New_York',
    terms: '{}',
  };
  await db('customer').insert(customer).onConflict().ignore();
  await db('partner')
    .insert({ id: partnerId, name: partnerId, customer_id: customer.id })
    .onConflict()
    .ignore();
  const channelId = `${partnerId}-${channelKind}`;
  await db('channel').insert({ id: channelId, kind: channelKind }).onConflict().ignore();
  const agreementId = `${partnerId}-${usage}`;
  await db('interchange_agreement').insert({
    id: agreementId,
    partner_id: partnerId,
    own_qualifier: 'ZZ',
    own_isa_id: 'HUB',
    partner_qualifier: 'ZZ',
    partner_isa_id: isaId,
    usage,
    channel_id: channelId,
    policy: JSON.stringify(policy),
  });
  const document = (direction: 'in' | 'out', set_id: string) => ({
    agreement_id: agreementId,
    direction,
    set_id,
    own_gs_id: 'HUBGS',
    partner_gs_id: `${partnerId}GS`,
    version,
    ...(direction === 'out' && given.ackDeadlineMinutes
      ? { ack_deadline_minutes: given.ackDeadlineMinutes }
      : {}),
  });
  await db('document_agreement').insert([
    ...['180', '812', '820', '824', '850', '855', '860', '869', '997', ...(given.alsoSends ?? [])].map(
      (set) => document('in', set),
    ),
    ...['180', '810', '812', '855', '856', '865'].map((set) => document('out', set)),
  ]);
  return agreementId;
}

/** An 855 as a use case would leave it. */
export function orderAnswer(
  purchaseOrderNumber: string,
  change: Partial<Extract<PartnerDocument, { kind: 'order-answer' }>> = {},
): PartnerDocument {
  return {
    kind: 'order-answer',
    usage: 'P',
    purchaseOrderNumber,
    purchaseOrderDate: '2026-11-20',
    customerId: 'ACME-C',
    orderNumber: 'SO1',
    date: '2026-11-22',
    parties: [{ role: 'ST', name: 'Store 42', idQualifier: '92', id: '0042' }],
    references: [{ qualifier: 'DP', value: '17' }],
    currency: 'USD',
    acknowledgment: 'AD',
    lines: [
      {
        buyerLineNumber: '1',
        productIds: [{ qualifier: 'BP', value: 'B-1' }],
        quantity: '10',
        unit: 'EA',
        unitPrice: '4.25' as never,
        statuses: [{ code: 'IA', quantity: '10' }],
      },
    ],
    ...change,
  };
}

export interface InterchangeText {
  readonly controlNumber?: number;
  readonly sender?: string;
  readonly receiver?: string;
  readonly usage?: string;
  readonly ackRequested?: boolean;
  readonly groups?: readonly string[];
  readonly version?: string;
}

/** An inbound interchange as text, its envelope right unless something else is asked for. */
export function interchange({
  controlNumber = 1,
  sender = 'ACME',
  receiver = 'HUB',
  usage = 'P',
  ackRequested = false,
  groups = [],
  version = '00401',
}: InterchangeText): string {
  const number = String(controlNumber).padStart(9, '0');
  const isa = [
    'ISA',
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    'ZZ',
    sender.padEnd(15),
    'ZZ',
    receiver.padEnd(15),
    '261122',
    '1200',
    version >= '00402' ? '^' : 'U',
    version,
    number,
    ackRequested ? '1' : '0',
    usage,
    '>',
  ];
  return `${isa.join('*')}~${groups.join('')}IEA*${groups.length}*${number}~`;
}

export function group(
  functionalId: string,
  controlNumber: number,
  sets: readonly string[],
  partnerId = 'ACME',
  version = '004010',
): string {
  return `GS*${functionalId}*${partnerId}GS*HUBGS*20261122*1200*${controlNumber}*X*${version}~${sets.join('')}GE*${sets.length}*${controlNumber}~`;
}

export function transactionSet(id: string, controlNumber: string, segments: readonly string[]): string {
  return `ST*${id}*${controlNumber}~${segments.map((segment) => `${segment}~`).join('')}SE*${segments.length + 2}*${controlNumber}~`;
}

export function purchaseOrder(
  purchaseOrderNumber: string,
  controlNumber = '0001',
  lines: readonly string[] = ['PO1*1*10*EA*4.25**BP*B-1'],
): string {
  return transactionSet('850', controlNumber, [
    `BEG*00*SA*${purchaseOrderNumber}**20261120`,
    'N1*ST*Store 42*92*0042',
    ...lines,
    `CTT*${lines.length}`,
  ]);
}
