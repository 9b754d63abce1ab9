import { type CreditBalanceManagement, creditBalanceManagement } from './credit-balance.js';
import { type CreditManagement, creditManagement } from './credit-management.js';
import { type CustomerManagement, customerManagement } from './customer-management.js';
import { type ManagementCallOptions, managementCall } from './management-call.js';
import { type PromotionManagement, promotionManagement } from './promotion-management.js';
import { subscriptionManagement } from './subscription-management.js';
import type { SubscriptionManagement } from './subscription-methods.js';
import { type UsageManagement, usageManagement } from './usage-management.js';

/** Calls that change or read what the engine stores. They reject with a `TollgateError`. */
export interface Management
  extends CustomerManagement,
    SubscriptionManagement,
    PromotionManagement,
    UsageManagement,
    CreditBalanceManagement,
    CreditManagement {}

export function management(options: ManagementCallOptions): Management {
  const call = managementCall(options);
  return {
    ...customerManagement(call),
    ...subscriptionManagement(call),
    ...promotionManagement(call),
    ...usageManagement(call),
    ...creditBalanceManagement(call),
    ...creditManagement(call),
  };
}
