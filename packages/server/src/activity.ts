import {
  type Amount,
  amountToNumber,
  type HotOperationInput,
  isTollgateError,
  type Snapshot,
  toIso,
} from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';

/** Hears one line for each call that decisions rest on. */
export type Say = (line: string) => void;

/** An environment that says in a line what was asked of it and what came of that, for whoever watches a terminal. */
export function watchActivity(environment: EnvironmentEngine, say: Say): EnvironmentEngine {
  async function told<Result>(now: number, what: string, call: Promise<Result>, outcome: (result: Result) => string) {
    const at = toIso(now).slice(11, 19);
    try {
      const result = await call;
      say(`${at}  ${what}: ${outcome(result)}`);
      return result;
    } catch (error) {
      say(`${at}  ${what}: refused, ${reasonOf(error)}`);
      throw error;
    }
  }

  return {
    ...environment,
    snapshots: (customerId, resourceIds, now) =>
      told(now, `read       ${customerId}`, environment.snapshots(customerId, resourceIds, now), (found) =>
        found.map(describeSnapshot).join('; '),
      ),
    provisionCustomer: (input, now) =>
      told(
        now,
        `customer   ${input.customerId ?? '(new)'}`,
        environment.provisionCustomer(input, now),
        ({ customer, subscription }) =>
          subscription
            ? `${customer.customerId} is on ${subscription.planId}`
            : `${customer.customerId} is provisioned`,
      ),
    provisionSubscription: (input, now) =>
      told(
        now,
        `subscribe  ${input.customerId}`,
        environment.provisionSubscription(input, now),
        ({ status, subscription }) =>
          subscription ? `${subscription.planId}, ${subscription.status} (${status})` : status,
      ),
    async reportUsage(usages, now) {
      const at = toIso(now).slice(11, 19);
      const results = await environment.reportUsage(usages, now);
      results.forEach(({ ack, error }, index) => {
        say(`${at}  ${describeOperation({ reportUsage: usages[index] }, { ...noAnswer, usage: ack, error })}`);
      });
      return results;
    },
    async hot(operation, now) {
      const answer = await environment.hot(operation, now);
      say(`${toIso(now).slice(11, 19)}  ${describeOperation(operation, answer)}`);
      return answer;
    },
    async reportEvents(events, now) {
      const at = toIso(now).slice(11, 19);
      const results = await environment.reportEvents(events, now);
      results.forEach(({ isStored, error }, index) => {
        const event = events[index];
        const outcome = isStored ? 'stored' : `refused, ${error?.code}: ${error?.message}`;
        say(`${at}  event      ${event?.customerId} ${event?.eventName}: ${outcome}`);
      });
      return results;
    },
    applyCatalog: (document, options, now) =>
      told(
        now,
        options.dryRun ? 'diff       catalog' : 'apply      catalog',
        environment.applyCatalog(document, options, now),
        (diff) =>
          diff.isApplied
            ? `${diff.changes.length} changes, now number ${diff.catalog}`
            : `${diff.changes.length} changes, not applied`,
      ),
  };
}

function describeSnapshot(snapshot: Snapshot): string {
  const scope = snapshot.resourceId === null ? '' : `${snapshot.resourceId}: `;
  const { grants } = snapshot;
  if (!grants.isCustomerKnown) return `${scope}unknown customer`;
  if (!grants.isResourceKnown) return `${scope}unknown resource`;
  if (!grants.hasActiveSubscription) return `${scope}no active subscription`;
  const features = [...grants.entitlements.values()].map((entitlement) => {
    const { featureId } = entitlement.feature;
    if (!entitlement.isGranted) return `${featureId} revoked`;
    const limit = entitlement.hasUnlimitedUsage ? 'unlimited' : shown(entitlement.usageLimit);
    const counter = snapshot.usage.get(featureId);
    if (counter) return `${featureId} ${shown(counter.currentUsage)}/${limit}`;
    return entitlement.enumValues.length > 0
      ? `${featureId} ${entitlement.enumValues.join('|')}`
      : [featureId, limit].join(' ').trim();
  });
  return scope + (features.join(', ') || 'no entitlements');
}

const shown = (amount: Amount | null): string => (amount === null ? '' : String(amountToNumber(amount)));

const reasonOf = (error: unknown): string =>
  isTollgateError(error) ? `${error.code}: ${error.message}` : String(error);

type HotAnswer = Awaited<ReturnType<EnvironmentEngine['hot']>>;

const noAnswer: HotAnswer = { error: null, usage: null, consumption: null, reservation: null };

/** `report     acme feature-reports +1: now 3`. */
function describeOperation(operation: HotOperationInput, { error, ...answer }: HotAnswer): string {
  const outcome = error ? `refused, ${error.code}: ${error.message}` : describeAnswer(answer);
  const { reportUsage, consumeCredits, reserve, settle, release, extend } = operation;
  if (reportUsage) {
    const { customerId, featureId, updateBehavior, value } = reportUsage;
    const sign = updateBehavior === 'SET' ? '=' : '+';
    return `report     ${customerId} ${featureId} ${`${sign}${value}`.replace('+-', '-')}: ${outcome}`;
  }
  if (consumeCredits) {
    const { customerId, amount, currencyId } = consumeCredits;
    return `consume    ${customerId} ${amount} ${currencyId}: ${outcome}`;
  }
  if (reserve) {
    const items = reserve.items.map(({ featureId, currencyId, amount }) => `${amount} ${featureId ?? currencyId}`);
    return `reserve    ${reserve.customerId} ${items.join(', ')}: ${outcome}`;
  }
  const [step, about] = settle ? ['settle    ', settle] : release ? ['release   ', release] : ['extend    ', extend];
  return `${step} ${about?.customerId} ${about?.reservationId}: ${outcome}`;
}

function describeAnswer({ usage, consumption, reservation }: Omit<HotAnswer, 'error'>): string {
  const before = usage?.isDuplicate || consumption?.isDuplicate ? ' (seen before)' : '';
  if (usage) return `now ${usage.currentUsage}${before}`;
  if (consumption) return `balance ${consumption.credit.wallet.wallet.balance}${before}`;
  return [reservation?.status, ...(reservation?.denials ?? []).map(({ reason }) => reason)].join(' ');
}
