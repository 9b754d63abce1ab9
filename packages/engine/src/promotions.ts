import {
  assertCustomerId,
  assertId,
  fromIso,
  type PageInput,
  type PromotionalEntitlementInput,
  type PromotionalEntitlementWire,
  TollgateError,
} from '@tollgate/contract';
import type { Catalog } from './catalog/catalog.js';
import type { CustomerState } from './customer-state.js';
import type { ChangedPromotions, PromotionalEntitlementPage } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { hasExpired, type Promotion, promotionToWire } from './entitlement/promotion.js';
import {
  type FeatureGroup,
  grantGroup,
  grantPromotions,
  type PromotionChange,
  type PromotionMoment,
  revokeGroup,
  revokePromotion,
  unlinkGroup,
} from './entitlement/promotion-change.js';
import { readPromotionRequests } from './entitlement/promotion-request.js';
import { pageOf, readPage } from './list-page.js';
import { readState } from './read-state.js';
import { changeStanding } from './standing-change.js';
import type { CustomerKey } from './storage/usage-store.js';

/** Promotional grants that hold or have run to their end, newest first. Rejects with CUSTOMER_NOT_FOUND. */
export async function readPromotionalEntitlements(
  context: EngineContext,
  key: CustomerKey,
  now: number,
): Promise<PromotionalEntitlementWire[]> {
  assertCustomerId(key.customerId);
  const { state } = await readState(context, key, now);
  return state.promotions.filter((each) => each.endedAt === null || hasExpired(each)).map(promotionToWire);
}

/** A page of the same. */
export async function readPromotionalEntitlementPage(
  context: EngineContext,
  key: CustomerKey,
  page: PageInput,
  now: number,
): Promise<PromotionalEntitlementPage> {
  const list = { promotionalEntitlements: key };
  const asked = readPage(list, page);
  const items = await readPromotionalEntitlements(context, key, now);
  return pageOf(list, items, asked, ({ startDate, id }) => ({ at: fromIso(startDate), id }));
}

/** Grants features beside any subscription; a grant for the same feature is replaced. */
export function grantPromotionalEntitlements(
  context: EngineContext,
  key: CustomerKey,
  items: readonly PromotionalEntitlementInput[],
  now: number,
): Promise<ChangedPromotions> {
  return changePromotions(context, key, now, (promotions, catalog, moment) =>
    grantPromotions(promotions, readPromotionRequests(catalog, items, moment.now), moment),
  );
}

/** Rejects with PROMOTIONAL_ENTITLEMENT_NOT_FOUND where the customer has no grant of the feature. */
export function revokePromotionalEntitlements(
  context: EngineContext,
  key: CustomerKey,
  featureId: string,
  now: number,
): Promise<ChangedPromotions> {
  assertId(featureId, 'featureId');
  return changePromotions(context, key, now, (promotions, _catalog, moment) =>
    revokePromotion(promotions, featureId, moment.now),
  );
}

/** Grants a whole group: every feature of it is in `items`, or granted to the customer already. */
export function grantPromotionalEntitlementsGroup(
  context: EngineContext,
  key: CustomerKey,
  { featureGroupId, items }: { featureGroupId: string; items: readonly PromotionalEntitlementInput[] },
  now: number,
): Promise<ChangedPromotions> {
  assertId(featureGroupId, 'featureGroupId');
  return changePromotions(context, key, now, (promotions, catalog, moment) => {
    const group = publishedGroup(catalog, featureGroupId);
    return grantGroup(promotions, group, readPromotionRequests(catalog, items, moment.now, 0), moment);
  });
}

/** Takes away what the customer has only through this group. */
export function revokePromotionalEntitlementsGroup(
  context: EngineContext,
  key: CustomerKey,
  featureGroupId: string,
  now: number,
): Promise<ChangedPromotions> {
  return changeGroup(context, key, featureGroupId, now, revokeGroup);
}

/** Keeps the grants and takes the group off them. */
export function unlinkPromotionalEntitlementsGroup(
  context: EngineContext,
  key: CustomerKey,
  featureGroupId: string,
  now: number,
): Promise<ChangedPromotions> {
  return changeGroup(context, key, featureGroupId, now, unlinkGroup);
}

function changeGroup(
  context: EngineContext,
  key: CustomerKey,
  featureGroupId: string,
  now: number,
  change: (promotions: readonly Promotion[], featureGroupId: string, now: number) => PromotionChange,
): Promise<ChangedPromotions> {
  assertId(featureGroupId, 'featureGroupId');
  return changePromotions(context, key, now, (promotions, catalog, moment) => {
    // A group that is no longer published still holds what it granted.
    const isHolding = promotions.some(({ featureGroupIds }) => featureGroupIds.includes(featureGroupId));
    if (!isHolding) publishedGroup(catalog, featureGroupId);
    return change(promotions, featureGroupId, moment.now);
  });
}

async function changePromotions(
  context: EngineContext,
  { environmentId, customerId }: CustomerKey,
  now: number,
  change: (promotions: readonly Promotion[], catalog: Catalog, moment: PromotionMoment) => PromotionChange,
): Promise<ChangedPromotions> {
  assertCustomerId(customerId);
  const target = { environmentId, customerIds: [customerId], scopes: 'all' as const };
  const done = await changeStanding(context, target, now, ([state], { now: at, catalog, newId }) => {
    const before = state as CustomerState;
    const moment = { customerId, now: at, newId: () => newId('promotional-entitlement') };
    const { promotions, events, touched } = change(before.promotions, catalog, moment);
    return { states: [{ ...before, promotions }], events, value: touched };
  });
  return { promotionalEntitlements: done.value.map(promotionToWire), snapshots: done.snapshots };
}

/** Rejects with FEATURE_GROUP_NOT_FOUND for a group that nobody published, or that is archived. */
function publishedGroup(catalog: Catalog, groupId: string): FeatureGroup {
  const group = catalog.groups.get(groupId);
  if (group && !group.isArchived) return { groupId, featureIds: group.content.featureIds };
  const message = `there is no feature group ${groupId}`;
  throw new TollgateError('FEATURE_GROUP_NOT_FOUND', message, { field: 'featureGroupId' });
}
