import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequest, Party } from '../../domain/order/order-request';
import type { StandingAdjustment } from '../../domain/pricing/agree-adjustments';
import type { LocalDate } from '../../domain/shared/dates';
import type { CreditCheck } from '../credit/check-credit';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import type { GivenPromotions } from '../pricing/give-promotions';
import type { PromotionTake } from '../pricing/promotion-budget';
import type { Decision } from '../record/keep-history';
import type { ResolvedLine } from './resolve-lines';
import type { OrderTotals } from './total-order';

/** An order that was assessed and is to be written. */
export interface NewOrder {
  readonly request: OrderRequest;
  readonly customer: CustomerRow;
  readonly policy: CustomerPolicy;
  readonly shipTo: Party;
  readonly lines: readonly ResolvedLine[];
  readonly plan: AllocationPlan;
  readonly totals: OrderTotals;
  readonly adjustments: readonly StandingAdjustment[];
  /** The day that its prices are of. */
  readonly priceDate: LocalDate;
  readonly blanketId: string | null;
  readonly withoutInvoice: boolean;
  /** What is not as it should be and stops nothing. */
  readonly warnings: readonly string[];
  /** What else was decided, by rules of their own. */
  readonly decisions: readonly Omit<Decision, 'orderId' | 'decidedAt' | 'decidedBy'>[];
  readonly promotions: GivenPromotions & { readonly takes: readonly PromotionTake[] };
  readonly holds: readonly HoldRequest[];
  readonly credit: CreditCheck | null;
  readonly now: string;
}
