import {
  CreditGrantsDocument,
  type CreditGrantWire,
  EntitlementSourcesDocument,
  type EntitlementSourceWire,
  type SnapshotKey,
} from '@tollgate/contract';
import type { EngineLink } from './engine-link.js';
import type { Target } from './gate-port.js';
import { number } from './wire-values.js';

/** What one source gives, before it is put together with the others. */
export interface ExplainedSource {
  kind: 'PLAN' | 'ADDON' | 'SUBSCRIPTION' | 'PROMOTION' | 'CREDIT_GRANT';
  /** Of the plan, the add-on, the subscription with a value of its own, the promotional grant, or the grant of credits. */
  id: string;
  /** Whose plan or add-on it is; null otherwise. */
  subscriptionId: string | null;
  /** Null where it is given to the customer as a whole. */
  resourceId: string | null;
  /** False where it revokes. */
  isGranted: boolean;
  /** Null when unlimited or not a number. */
  usageLimit: number | null;
  isUnlimited: boolean;
  hasSoftLimit: boolean;
  enumValues: string[];
  /** Of a grant of credits; null otherwise. */
  credits: { amount: number; consumed: number } | null;
  /** When it ends by itself, ISO 8601; null when it does not. */
  endsAt: string | null;
}

const grantsMax = 100;

/** Asks the engine what gives a feature, or credits. Rejects when it cannot be asked. */
export async function explainedSources(
  link: EngineLink,
  { customerId, resourceId }: SnapshotKey,
  { target, timeoutMs }: { target: Target; timeoutMs: number },
): Promise<ExplainedSource[]> {
  if (target.featureId !== undefined) {
    const variables = { customerId, resourceId, featureId: target.featureId };
    const reply = await link.execute(EntitlementSourcesDocument, variables, timeoutMs);
    return reply.entitlementSources.map(ofFeature);
  }
  const filter = { customerId, resourceId, currencyId: target.currencyId };
  const { creditGrants } = await link.execute(CreditGrantsDocument, { filter, page: { limit: grantsMax } }, timeoutMs);
  return creditGrants.data.filter(({ status }) => status === 'ACTIVE').map(ofCredits);
}

function ofFeature(wire: EntitlementSourceWire): ExplainedSource {
  const { usageLimit, hasUnlimitedUsage, enumValues, ...same } = wire;
  return {
    ...same,
    usageLimit: usageLimit === null ? null : number(usageLimit, 'usageLimit'),
    isUnlimited: hasUnlimitedUsage,
    enumValues: [...enumValues],
    credits: null,
  };
}

function ofCredits({ grantId, resourceId, amount, consumedAmount, expireAt }: CreditGrantWire): ExplainedSource {
  return {
    kind: 'CREDIT_GRANT',
    id: grantId,
    subscriptionId: null,
    resourceId,
    isGranted: true,
    usageLimit: null,
    isUnlimited: false,
    hasSoftLimit: false,
    enumValues: [],
    credits: { amount: number(amount, 'amount'), consumed: number(consumedAmount, 'consumedAmount') },
    endsAt: expireAt,
  };
}
