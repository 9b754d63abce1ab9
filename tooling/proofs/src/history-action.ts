import type { SubscriptionWire } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { historyCatalog, type PlanVersions } from './history-catalog.js';
import type { Action } from './history-step.js';

/** When and on what an action is done; the same in every world. */
export interface Scene {
  now: number;
  /** A number that no other step has. */
  index: number;
  /** All there are, in every status, of every customer. */
  subscriptions: readonly SubscriptionWire[];
  /** As published so far. */
  versions: PlanVersions;
}

const isoIn = (now: number, span: number): string => new Date(now + span).toISOString();

/** The subscription that an action is about: those that are open first. */
export function chosen(nth: number, { subscriptions }: Scene): SubscriptionWire | undefined {
  const isOpen = ({ status }: SubscriptionWire) => status !== 'CANCELED' && status !== 'EXPIRED';
  const ordered = [...subscriptions].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)));
  return ordered[nth % Math.max(ordered.length, 1)];
}

/** Does one action in one world. Returns what the caller of the engine sees. */
export async function perform(environment: EnvironmentEngine, action: Action, scene: Scene): Promise<unknown> {
  const { now } = scene;
  switch (action.do) {
    case 'wait':
      return null;
    case 'provision':
      return environment.provisionSubscription(provisioning(action, scene), now);
    case 'promote': {
      const { customerId, grant, endsIn } = action;
      const customEndDate = grant.period === 'CUSTOM' ? isoIn(now, endsIn) : undefined;
      return environment.grantPromotionalEntitlements(customerId, [{ ...grant, customEndDate }], now);
    }
    case 'end promotion':
      return environment.revokePromotionalEntitlements(action.customerId, action.featureId, now);
    case 'promote group': {
      const sso = { featureId: 'sso', period: 'ONE_MONTH' as const };
      const seats = { featureId: 'seats', period: 'LIFETIME' as const, usageLimit: '50' };
      const items = action.isFull ? (action.groupId === 'group-one' ? [sso, seats] : [sso]) : [];
      const group = { featureGroupId: action.groupId, items };
      return environment.grantPromotionalEntitlementsGroup(action.customerId, group, now);
    }
    case 'end group': {
      const { customerId, groupId, unlinks } = action;
      if (unlinks) return environment.unlinkPromotionalEntitlementsGroup(customerId, groupId, now);
      return environment.revokePromotionalEntitlementsGroup(customerId, groupId, now);
    }
    case 'publish': {
      const migrationType = action.isForAll ? 'ALL_CUSTOMERS' : 'NEW_CUSTOMERS';
      const versions = { ...scene.versions, [action.planId]: scene.versions[action.planId] + 1 };
      return environment.applyCatalog(historyCatalog(versions), { dryRun: false, migrationType }, now);
    }
    case 'report':
      return environment.reportUsage(
        [
          {
            customerId: action.customerId,
            featureId: 'calls',
            resourceId: action.resourceId,
            value: String(action.value),
            updateBehavior: 'DELTA',
            isCreatedAtFilledIn: false,
          },
        ],
        now,
      );
    case 'grant credits': {
      const { customerId, resourceId, amount, startsIn, endsIn } = action;
      const input = {
        grantId: `grant-of-step-${scene.index}`,
        customerId,
        resourceId,
        amount,
        currencyId: 'tokens',
        displayName: 'Given',
        grantType: 'PROMOTIONAL' as const,
        effectiveAt: startsIn === null ? null : isoIn(now, startsIn),
        expireAt: endsIn === null ? null : isoIn(now, (startsIn ?? 0) + endsIn),
      };
      return environment.grantCredits(input, now);
    }
    case 'use credits': {
      const { customerId, resourceId, amount } = action;
      const asked = { customerId, resourceId, amount, currencyId: 'tokens', isCreatedAtFilledIn: false };
      const idempotencyKey = `use-of-step-${scene.index}`;
      return environment.hot({ consumeCredits: { ...asked, idempotencyKey } }, now);
    }
    case 'void credits': {
      const { customerId, resourceId, nthGrant } = action;
      const list = { filter: { customerId, resourceId }, page: { limit: 100 } };
      const { data } = await environment.creditGrants(list, now);
      const grant = data[nthGrant % Math.max(data.length, 1)];
      return grant ? environment.voidCreditGrant(grant.grantId, now) : null;
    }
    case 'archive':
      return action.isBack
        ? environment.unarchiveCustomer(action.customerId, now)
        : environment.archiveCustomer(action.customerId, now);
    default: {
      const subscription = chosen(action.nth, scene);
      return subscription ? change(environment, action, subscription.subscriptionId, scene) : null;
    }
  }
}

function provisioning(action: Extract<Action, { do: 'provision' }>, { now, index }: Scene) {
  const { customerId, planId, isTrial, startsIn, endsIn, scheduleStrategy } = action;
  const isSite = planId === 'plan-site' || planId === 'plan-big-site';
  const isFree = planId === 'plan-free' || planId === 'plan-site';
  return {
    customerId,
    planId,
    subscriptionId: `subscription-of-step-${index}`,
    resourceId: isSite ? action.resourceId : null,
    billingPeriod: isFree ? null : action.billingPeriod,
    addons: isFree || isSite ? [] : action.addonIds.map((addonId) => ({ addonId, quantity: 1 })),
    trialOverrideConfiguration: isFree || isTrial === null ? null : { isTrial },
    startDate: startsIn === null ? null : isoIn(now, startsIn),
    cancellationDate: endsIn === null ? null : isoIn(now, (startsIn ?? 0) + endsIn),
    scheduleStrategy,
  };
}

type Change = Extract<Action, { nth: number }>;

function change(environment: EnvironmentEngine, action: Change, subscriptionId: string, { now }: Scene) {
  switch (action.do) {
    case 'update': {
      const { addonIds, billingPeriod, cancelsIn, trialEndsIn, billingCycleAnchor, scheduleStrategy } = action;
      const cancellationDate = cancelsIn === 'never' ? null : cancelsIn === null ? undefined : isoIn(now, cancelsIn);
      const input = {
        subscriptionId,
        ...(addonIds && { addons: addonIds.map((addonId) => ({ addonId, quantity: 1 })) }),
        ...(billingPeriod && { billingPeriod }),
        ...(cancellationDate !== undefined && { cancellationDate }),
        ...(trialEndsIn !== null && { trialEndDate: isoIn(now, trialEndsIn) }),
        ...(billingCycleAnchor && { billingCycleAnchor }),
        ...(scheduleStrategy && { scheduleStrategy }),
      };
      return environment.updateSubscription(input, now);
    }
    case 'cancel': {
      const input = {
        subscriptionId,
        subscriptionCancellationTime: action.time,
        endDate: action.time === 'SPECIFIC_DATE' ? isoIn(now, action.endsIn) : null,
        ...(action.revokes && { subscriptionCancellationAction: 'REVOKE_ENTITLEMENTS' as const }),
      };
      return environment.cancelSubscription(input, now);
    }
    case 'cancel scheduled':
      return environment.cancelSubscriptionScheduledUpdates({ subscriptionId, status: null }, now);
    case 'migrate':
      return environment.migrateSubscriptionToLatest({ subscriptionId, time: action.time }, now);
    case 'transfer':
      return environment.transferSubscriptionToResource(
        { subscriptionId, destinationResourceId: action.resourceId },
        now,
      );
    case 'delegate':
      return environment.delegateSubscriptionToCustomer(
        { subscriptionId, destinationCustomerId: action.customerId },
        now,
      );
  }
}
