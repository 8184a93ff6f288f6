import type { CharacterPolicy } from '../validate/element-value';
import type { Finding } from '../validate/finding';
import type { Leniency } from '../x12/deviation';
import type { Separators, TransactionSet } from '../x12/model';

/** What the judge needs of an interchange agreement; an agreement of null checks no party and seen number. */
export interface AgreementView {
  /** 'ZZ:HUB': ISA07 and ISA08 without padding */
  readonly ownIds: readonly string[];
  /** ISA05 and ISA06 alike; empty when nobody knows the sender */
  readonly partnerIds: readonly string[];
  /** ISA15 that this agreement is for */
  readonly usage: 'P' | 'T';
  readonly ta1: 'on-request' | 'always';
  /** which sets an acknowledgement lists */
  readonly ackDetail: 'all' | 'rejected';
  readonly functionalAck: '997' | '999';
  /** 'segment:5' is AK304 = 5, 'element:7' is AK403 = 7; such findings give E and the set is processed */
  readonly tolerated: ReadonlySet<string>;
  /** what is done about deviations, where it is not the default */
  readonly leniency: Leniency;
  /** what of the partner's guide a set does not keep to, severity `guide`; asked for sets that the standard accepts */
  readonly guideFindings?: (document: TransactionSet) => readonly Finding[];
  /** 'acknowledge': such breaches reject the set in its 997 or 999; unset or 'advise': they are only listed */
  readonly guideBreaches?: 'acknowledge' | 'advise';
  /** the groups that were agreed; a group (but of acknowledgements) that none of them names is rejected. Unset: any */
  readonly agreedGroups?: readonly AgreedGroup[];
  /** unset: bytes above 0x7F are read as UTF-8 where they are well-formed, else as latin1 */
  readonly characters?: CharacterPolicy;
  /** separators of what is answered; unset: those of `answerSeparators` */
  readonly separators?: Separators;
}

/** What a functional group is agreed by: GS01, GS02, GS03 and GS08. */
export interface AgreedGroup {
  readonly functionalId: string;
  readonly senderCode: string;
  readonly receiverCode: string;
  readonly version: string;
}

/** Whether a group was agreed: suffixes of the version (VICS, UCS, ...) do not count. 'version': all but its release. */
export function agreedAs(
  group: AgreedGroup,
  agreed: readonly AgreedGroup[],
): 'agreed' | 'version' | 'undeclared' {
  const alike = agreed.filter(
    (one) =>
      one.functionalId === group.functionalId &&
      one.senderCode === group.senderCode &&
      one.receiverCode === group.receiverCode,
  );
  if (alike.length === 0) return 'undeclared';
  const release = group.version.slice(0, 6);
  return alike.some((one) => one.version.slice(0, 6) === release) ? 'agreed' : 'version';
}

export interface InterchangeKey {
  readonly senderQualifier: string;
  readonly senderId: string;
  readonly receiverQualifier: string;
  readonly receiverId: string;
  readonly controlNumber: string;
  readonly usage: string;
}

/**
 * What was answered A or E within the window, seen from the interchange that is judged. The caller looks it up before,
 * and compares the bytes from ISA to IEA itself: the judge does no I/O and keeps nothing.
 */
export interface SeenNumbers {
  interchange(key: InterchangeKey): 'new' | 'same-bytes' | 'other-bytes';
  /** GS06 seen in an earlier interchange of the agreement; not in this one's, where its bytes come again */
  group(senderCode: string, receiverCode: string, functionalId: string, controlNumber: string): boolean;
}

export const nothingSeen: SeenNumbers = { interchange: () => 'new', group: () => false };

export const answerSeparators: Separators = { element: '*', component: '>', repetition: '^', segment: '~' };
