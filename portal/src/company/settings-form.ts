import type { BuyerSettingsView } from '../../../api/contract/buyer-approvals';

/** What a change of limits or budgets makes stale. */
export const settingsRefreshes = ['buyer-settings', 'buyer-approvals'];

/** The hub takes the company from a buyer's key, and from the seller's own people by name. */
export const namedCustomer = ({ customerId }: BuyerSettingsView) => ({ customerId });
