import { TollgateError } from '@tollgate/contract';
import type { Happened } from '../subscription/happened.js';
import { type Promotion, type PromotionEvent, promotionHappened } from './promotion.js';
import type { PromotionRequest } from './promotion-request.js';

/** A customer's promotional grants after something was done to them. */
export interface PromotionChange {
  /** All of the customer's, past ones too, newest first. */
  promotions: readonly Promotion[];
  events: readonly Happened[];
  /** Those that were made, revoked or unlinked. */
  touched: readonly Promotion[];
}

export interface PromotionMoment {
  customerId: string;
  now: number;
  newId(): string;
}

/** The features that are granted together, under the group's id. */
export interface FeatureGroup {
  groupId: string;
  featureIds: readonly string[];
}

/** Grants by itself, or as part of a group. What holds for the same feature is replaced, and stays in its groups. */
export function grantPromotions(
  before: readonly Promotion[],
  requests: readonly PromotionRequest[],
  { customerId, now, newId }: PromotionMoment,
  groupId: string | null = null,
): PromotionChange {
  let promotions = before;
  const events: Happened[] = [];
  const touched: Promotion[] = [];
  for (const request of requests) {
    const held = heldFor(promotions, request.featureId);
    const granted: Promotion = {
      ...request,
      promotionId: newId(),
      customerId,
      startDate: now,
      endedAt: null,
      featureGroupIds: withGroup(held?.featureGroupIds ?? [], groupId),
      isOwn: groupId === null || (held?.isOwn ?? false),
    };
    const others = promotions.map((other) => (other === held ? { ...held, endedAt: now } : other));
    promotions = [granted, ...others];
    touched.push(granted);
    events.push(promotionHappened(held ? 'updated' : 'granted', now, granted));
  }
  return { promotions, events, touched };
}

/** Grants every feature of a group: what the requests leave out must be granted to the customer already. */
export function grantGroup(
  before: readonly Promotion[],
  group: FeatureGroup,
  requests: readonly PromotionRequest[],
  moment: PromotionMoment,
): PromotionChange {
  checkGroupRequests(before, group, requests);
  const granted = grantPromotions(before, requests, moment, group.groupId);
  const isJoining = ({ endedAt, featureId, featureGroupIds }: Promotion) =>
    endedAt === null && group.featureIds.includes(featureId) && !featureGroupIds.includes(group.groupId);
  const joined = replaceEach(granted.promotions, isJoining, 'updated', moment.now, (promotion) => ({
    ...promotion,
    featureGroupIds: withGroup(promotion.featureGroupIds, group.groupId),
  }));
  return {
    promotions: joined.promotions,
    events: [...granted.events, ...joined.events],
    touched: joined.promotions.filter((each) => each.endedAt === null && each.featureGroupIds.includes(group.groupId)),
  };
}

function checkGroupRequests(
  before: readonly Promotion[],
  { groupId, featureIds }: FeatureGroup,
  requests: readonly PromotionRequest[],
): void {
  requests.forEach(({ featureId, value }, index) => {
    const field = `promotionalEntitlements[${index}]`;
    if (!featureIds.includes(featureId)) {
      throw broken(`${field}.featureId`, `names ${featureId}, which is not in group ${groupId}`);
    }
    if (value.isGranted === false) throw broken(`${field}.isGranted`, 'must not be false: a group grants its features');
  });
  const isRequested = (featureId: string) => requests.some((request) => request.featureId === featureId);
  const isGranted = (featureId: string) => {
    const held = heldFor(before, featureId);
    return held !== undefined && held.value.isGranted !== false;
  };
  const missing = featureIds.filter((featureId) => !isRequested(featureId) && !isGranted(featureId));
  if (missing.length > 0) {
    const rule = `must grant ${missing.join(', ')} of group ${groupId} too: the customer has no grant of it`;
    throw broken('promotionalEntitlements', rule);
  }
}

/** Takes one feature's grant away, whatever groups hold it. */
export function revokePromotion(before: readonly Promotion[], featureId: string, now: number): PromotionChange {
  const held = heldFor(before, featureId);
  if (!held) throw notGranted(`the customer has no promotional grant of ${featureId}`, 'featureId');
  return replaceEach(
    before,
    (each) => each === held,
    'revoked',
    now,
    (each) => ({ ...each, endedAt: now }),
  );
}

/** Takes away what the customer has only through this group; the rest is no longer part of it. */
export function revokeGroup(before: readonly Promotion[], groupId: string, now: number): PromotionChange {
  assertGranted(before, groupId);
  const isOnlyOf = (each: Promotion) => isHeldBy(each, groupId) && !each.isOwn && each.featureGroupIds.length === 1;
  const revoked = replaceEach(before, isOnlyOf, 'revoked', now, (each) => ({ ...each, endedAt: now }));
  const kept = replaceEach(
    revoked.promotions,
    (each) => isHeldBy(each, groupId),
    'updated',
    now,
    (each) => ({
      ...each,
      featureGroupIds: each.featureGroupIds.filter((id) => id !== groupId),
    }),
  );
  return { promotions: kept.promotions, events: [...revoked.events, ...kept.events], touched: revoked.touched };
}

/** Keeps the grants and takes the group off them; from then on the customer has them by itself. */
export function unlinkGroup(before: readonly Promotion[], groupId: string, now: number): PromotionChange {
  assertGranted(before, groupId);
  return replaceEach(
    before,
    (each) => isHeldBy(each, groupId),
    'updated',
    now,
    (each) => ({
      ...each,
      featureGroupIds: each.featureGroupIds.filter((id) => id !== groupId),
      isOwn: true,
    }),
  );
}

function replaceEach(
  before: readonly Promotion[],
  isConcerned: (promotion: Promotion) => boolean,
  event: PromotionEvent,
  now: number,
  replace: (promotion: Promotion) => Promotion,
): PromotionChange {
  const promotions = before.map((promotion) => (isConcerned(promotion) ? replace(promotion) : promotion));
  const touched = promotions.filter((promotion, index) => promotion !== before[index]);
  return { promotions, touched, events: touched.map((promotion) => promotionHappened(event, now, promotion)) };
}

function assertGranted(promotions: readonly Promotion[], groupId: string): void {
  if (promotions.some((promotion) => isHeldBy(promotion, groupId))) return;
  throw notGranted(`group ${groupId} was not granted to the customer`, 'featureGroupId');
}

function heldFor(promotions: readonly Promotion[], featureId: string): Promotion | undefined {
  return promotions.find((promotion) => promotion.endedAt === null && promotion.featureId === featureId);
}

const isHeldBy = ({ endedAt, featureGroupIds }: Promotion, groupId: string): boolean =>
  endedAt === null && featureGroupIds.includes(groupId);

const withGroup = (ids: readonly string[], groupId: string | null): string[] =>
  groupId === null ? [...ids] : [...new Set([...ids, groupId])];

function notGranted(message: string, field: string): TollgateError {
  return new TollgateError('PROMOTIONAL_ENTITLEMENT_NOT_FOUND', message, { field });
}

function broken(field: string, rule: string): TollgateError {
  return new TollgateError('INVALID_ARGUMENT', `${field} ${rule}`, { field });
}
