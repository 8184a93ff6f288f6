/** What buyers are told of their orders by mail and webhooks: each kind with its name for systems and its words for people. */
export const noticeTypes = {
  'pickup.ready': { subject: 'ready for pickup' },
  'pickup.short': { subject: 'not everything is there' },
  'pickup.reminder': { subject: 'still waits for you' },
  'pickup.cancelled': { subject: 'pickup cancelled' },
} as const satisfies Record<string, { readonly subject: string }>;
export type NoticeType = keyof typeof noticeTypes;
export const noticeTypeNames = Object.keys(noticeTypes) as NoticeType[];

/** THE table of a notice to one receiver. The database check comes from it. */
export const noticeTransitions = {
  /** A job sends it, again and again while nobody answers. */
  waiting: ['sent', 'failed'],
  /** The receiver has it. */
  sent: [],
  /** It was refused for good, or nobody has answered for too long; a person may have it sent once more. */
  failed: ['waiting'],
} as const satisfies Record<string, readonly string[]>;
export type NoticeState = keyof typeof noticeTransitions;
export const noticeStates = Object.keys(noticeTransitions) as NoticeState[];

/** To one receiver: an address of a person, or of a system. */
export interface OutgoingNotice {
  /** The same at every try: receivers know a repetition by it. */
  readonly id: string;
  readonly type: NoticeType;
  readonly at: string;
  readonly orderId: string;
  readonly via: 'mail' | 'webhook';
  /** An e-mail address or a URL. */
  readonly address: string;
  /** Of a webhook: the name under which its signing secret is found. */
  readonly secretName: string | null;
  readonly subject: string;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NoticeOutcome =
  | { readonly kind: 'sent' }
  /** Sending it again changes nothing: the address is wrong, or nothing is set up to send it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Throws where another try may succeed. */
export interface NoticePort {
  send(notice: OutgoingNotice): Promise<NoticeOutcome>;
}
