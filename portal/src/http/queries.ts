import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AuthoritySimulationView, SubstitutionView } from '../../../api/contract/authority';
import type { BuyerApprovalView, BuyerSettingsView } from '../../../api/contract/buyer-approvals';
import type { AllowedChangesView, OrderChangeView } from '../../../api/contract/changes';
import type { Page } from '../../../api/contract/common';
import type { CreditCaseView } from '../../../api/contract/credit';
import type { DocumentSummaryView, DocumentView } from '../../../api/contract/documents';
import type { ExceptionView } from '../../../api/contract/exceptions';
import type { CreditAccountView, ExposureView, HeldOrderView } from '../../../api/contract/holds';
import type { InterchangeSummaryView, InterchangeView } from '../../../api/contract/interchanges';
import type { BuyerStockLevelView, StockLevelView } from '../../../api/contract/inventory';
import type { NoticeView } from '../../../api/contract/notices';
import type { OrderSummaryView, OrderView, TimelineEntryView } from '../../../api/contract/orders';
import type { PartnerSetUpProposalView } from '../../../api/contract/partners';
import type { PriceContractView, PriceView, PromotionUseView } from '../../../api/contract/prices';
import type { ReconcileReportView } from '../../../api/contract/reports';
import type { RuleKindView, RuleVersionView } from '../../../api/contract/rules';
import type { OrderSourcingView, SourcingTrialView } from '../../../api/contract/sourcing';
import type { AvailabilityView } from '../../../api/contract/stock';
import type { StoreKeyView, StoreView } from '../../../api/contract/store-keys';
import type { PickupStoreView, StoreTaskView } from '../../../api/contract/stores';
import type {
  ItemSupplierView,
  SupplierOrderView,
  SupplierView,
} from '../../../api/contract/supplier-orders';

import type { UnappliedPaymentView } from '../../../api/contract/unapplied-payments';
import type { UnplacedSummaryView, UnplacedView } from '../../../api/contract/unplaced';
import { type Query, read, readText, write } from './call';

/** Pages refresh themselves while they are looked at; an unchanged answer costs no body. */
const liveMs = 3_000;

/** Not `queryOptions` at once: a key names what is read, so that a decision can refresh all lists of holds. */
const live = <T>(key: readonly unknown[], load: () => Promise<T>) =>
  queryOptions({ queryKey: key, queryFn: load, refetchInterval: liveMs, placeholderData: keepPreviousData });

export const ordersQuery = (query: Query) =>
  live(['orders', query], () => read<Page<OrderSummaryView>>('/api/v1/orders', query));
export const unplacedListQuery = (type: 'draft' | 'quote', query: Query) =>
  live(['unplaced', type, query], () => read<Page<UnplacedSummaryView>>(`/api/v1/${type}s`, query));
export const unplacedQuery = (type: 'draft' | 'quote', id: string) =>
  live(['unplaced', type, id], () => read<UnplacedView>(`/api/v1/${type}s/${id}`));
export const orderQuery = (id: string) => live(['order', id], () => read<OrderView>(`/api/v1/orders/${id}`));
export const timelineQuery = (id: string) =>
  live(['timeline', id], () => read<{ items: TimelineEntryView[] }>(`/api/v1/orders/${id}/timeline`));
export const changesQuery = (id: string) =>
  live(['changes', id], () => read<{ items: OrderChangeView[] }>(`/api/v1/orders/${id}/changes`));
export const allowedChangesQuery = (id: string) =>
  live(['allowed-changes', id], () => read<AllowedChangesView>(`/api/v1/orders/${id}/allowed-changes`));
export const holdsQuery = (query: Query) =>
  live(['holds', query], () => read<Page<HeldOrderView>>('/api/v1/holds', query));
export const buyerApprovalsQuery = () =>
  live(['buyer-approvals'], () => read<{ items: BuyerApprovalView[] }>('/api/v1/buyer-approvals'));
export const buyerSettingsQuery = (query: Query = {}) =>
  live(['buyer-settings', query], () => read<BuyerSettingsView>('/api/v1/buyer-settings', query));
export const substitutionsQuery = () =>
  live(['substitutions'], () => read<{ items: SubstitutionView[] }>('/api/v1/substitutions'));
export const storeTasksQuery = (query: Query) =>
  live(['store-tasks', query], () => read<Page<StoreTaskView>>('/api/v1/store-tasks', query));
export const storeKeysQuery = (query: Query) =>
  live(['store-keys', query], () => read<Page<StoreKeyView>>('/api/v1/store-keys', query));
export const storesQuery = () =>
  queryOptions({
    queryKey: ['stores'],
    queryFn: () => read<{ items: StoreView[] }>('/api/v1/stores'),
  });
export const pickupStoresQuery = () =>
  queryOptions({
    queryKey: ['pickup-stores'],
    queryFn: () => read<{ items: PickupStoreView[] }>('/api/v1/pickup-stores'),
  });
export const exceptionsQuery = (query: Query) =>
  live(['exceptions', query], () => read<Page<ExceptionView>>('/api/v1/exceptions', query));
export const noticesQuery = (query: Query) =>
  live(['notices', query], () => read<Page<NoticeView>>('/api/v1/notices', query));
export const buyerStockQuery = (query: Query) =>
  live(['stock', 'buyer', query], () => read<Page<BuyerStockLevelView>>('/api/v1/inventory', query));
export const stockQuery = (query: Query) =>
  live(['stock', query], () => read<Page<StockLevelView>>('/api/v1/inventory', query));
export const availabilityQuery = (item: string) =>
  live(['availability', item], () => read<AvailabilityView>('/api/v1/availability', { items: item }));
export const reconcileQuery = () =>
  queryOptions({
    queryKey: ['reconcile'],
    queryFn: () => read<ReconcileReportView>('/api/v1/reports/reconcile'),
  });
export const pricesQuery = (query: Query) =>
  live(['prices', query], () => read<Page<PriceView>>('/api/v1/prices', query));
export const priceContractsQuery = () =>
  live(['price-contracts'], () => read<{ items: PriceContractView[] }>('/api/v1/price-contracts'));
export const promotionsQuery = () =>
  live(['promotions'], () => read<{ items: PromotionUseView[] }>('/api/v1/promotions'));
export const documentsQuery = (query: Query) =>
  live(['documents', query], () => read<Page<DocumentSummaryView>>('/api/v1/documents', query));
export const documentQuery = (id: string) =>
  live(['document', id], () => read<DocumentView>(`/api/v1/documents/${id}`));
export const interchangesQuery = (query: Query) =>
  live(['interchanges', query], () => read<Page<InterchangeSummaryView>>('/api/v1/interchanges', query));
export const interchangeQuery = (id: string) =>
  live(['interchange', id], () => read<InterchangeView>(`/api/v1/interchanges/${id}`));
/** Read once: what the operator types must not be overwritten. */
export const setUpProposalQuery = (id: string) =>
  queryOptions({
    queryKey: ['set-up-proposal', id],
    queryFn: () => read<PartnerSetUpProposalView>(`/api/v1/interchanges/${id}/partner-set-up`),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const creditQuery = (id: string) =>
  live(['credit', id], () => read<CreditAccountView>(`/api/v1/credit-accounts/${id}`));

export const creditCaseQuery = (holdId: string) =>
  live(['credit-case', holdId], () => read<CreditCaseView>(`/api/v1/credit-cases/${holdId}`));

export const unappliedPaymentQuery = (id: string) =>
  live(['unapplied-payment', id], () => read<UnappliedPaymentView>(`/api/v1/unapplied-payments/${id}`));
export const creditAccountsQuery = (query: Query) =>
  live(['credit-accounts', query], () => read<Page<ExposureView>>('/api/v1/credit-accounts', query));
/** Who could decide a hold now. Asked when somebody wants to know, not kept. */
export const authorityQuery = (holdId: string) =>
  queryOptions({
    queryKey: ['authority', holdId],
    queryFn: () => write<AuthoritySimulationView>('POST', '/api/v1/authority-simulations', { holdId }),
  });

/** Rules are edited: nothing refreshes under the hands of who does. */
export const ruleKindsQuery = () =>
  queryOptions({
    queryKey: ['rule-kinds'],
    queryFn: () => read<{ items: RuleKindView[] }>('/api/v1/rules'),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const rulesQuery = (kind: string) =>
  queryOptions({
    queryKey: ['rules', kind],
    queryFn: () => read<{ items: RuleVersionView[] }>(`/api/v1/rules/${kind}`),
  });
export const ruleVersionsQuery = (kind: string, scope: string) =>
  queryOptions({
    queryKey: ['rules', kind, scope],
    queryFn: () => read<{ items: RuleVersionView[] }>(`/api/v1/rules/${kind}/versions`, { scope }),
  });

export const sourcingQuery = (orderId: string) =>
  live(['sourcing', orderId], () => read<OrderSourcingView>(`/api/v1/orders/${orderId}/sourcing`));
export const suppliersQuery = () =>
  live(['suppliers'], () => read<{ items: SupplierView[] }>('/api/v1/suppliers'));
export const itemSuppliersQuery = (query: Query) =>
  live(['item-suppliers', query], () => read<{ items: ItemSupplierView[] }>('/api/v1/item-suppliers', query));
export const supplierOrdersQuery = (query: Query) =>
  live(['supplier-orders', query], () => read<Page<SupplierOrderView>>('/api/v1/supplier-orders', query));
export const sourcingTrialQuery = () =>
  live(['sourcing-trial'], () => read<SourcingTrialView>('/api/v1/sourcing/trial'));

/** Archived bytes never change. */
export const rawDocumentQuery = (id: string) =>
  queryOptions({
    queryKey: ['document-raw', id],
    queryFn: () => readText(`/api/v1/documents/${id}/raw`),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const rawInterchangeQuery = (id: string) =>
  queryOptions({
    queryKey: ['interchange-raw', id],
    queryFn: () => readText(`/api/v1/interchanges/${id}/raw`),
    staleTime: Number.POSITIVE_INFINITY,
  });
