import {
  type ChangeBatch,
  changeBatchToWire,
  featureToWire,
  fromIso,
  snapshotToWire,
  TollgateError,
} from '@tollgate/contract';
import { changesOf } from './changes.js';
import { assertCount, type RequestContext, type Resolver, serverOnly } from './resolver.js';
import { billingMutations } from './resolvers-billing.js';
import { catalogMutations, catalogQueries } from './resolvers-catalog.js';
import { creditMutations, creditQueries } from './resolvers-credits.js';
import { customerMutations, customerQueries } from './resolvers-customers.js';
import { hotMutations, hotQueries } from './resolvers-hot.js';
import { listQueries } from './resolvers-lists.js';
import { promotionMutations, promotionQueries } from './resolvers-promotions.js';
import { provisioningMutations } from './resolvers-provisioning.js';
import { subscriptionChangeMutations } from './resolvers-subscription-changes.js';
import { usageMutations, usageQueries } from './resolvers-usage.js';

export type { RequestContext };

const query = {
  snapshots: serverOnly<{ customerId: string; resourceIds: (string | null)[] }>(async (_root, args, context) => {
    assertCount('resourceIds', args.resourceIds, 100);
    const found = await context.environment.snapshots(args.customerId, args.resourceIds, context.clock.now());
    return found.map(snapshotToWire);
  }),
  featureTypes: (async (_root, args, context) => {
    assertCount('featureIds', args.featureIds, 1000);
    const found = await context.environment.featureTypes(args.featureIds);
    return found.map((feature) => feature && featureToWire(feature));
  }) satisfies Resolver<{ featureIds: string[] }>,
  ping: () => true,
};

const mutation = {
  setClock: serverOnly<{ now: string }>((_root, { now }, { clock }) => {
    if (!clock.set) {
      throw new TollgateError('FORBIDDEN', 'this server has no test clock: start it with `tollgate dev --test-clock`');
    }
    clock.set(fromIso(now));
    return true;
  }),
};

const subscription = {
  changes: {
    subscribe: serverOnly<{ cursor?: string | null }>((_root, { cursor }, context) =>
      changesOf(context.environment, context.clock, cursor ?? null),
    ),
    resolve: (batch: ChangeBatch) => changeBatchToWire(batch),
  },
};

/** One thin function per root field of the schema; everything below them is plain data. */
export const resolvers: Record<'Query' | 'Mutation' | 'Subscription', object> = {
  Query: {
    ...query,
    ...catalogQueries,
    ...creditQueries,
    ...customerQueries,
    ...hotQueries,
    ...listQueries,
    ...promotionQueries,
    ...usageQueries,
  },
  Mutation: {
    ...mutation,
    ...billingMutations,
    ...catalogMutations,
    ...creditMutations,
    ...customerMutations,
    ...hotMutations,
    ...promotionMutations,
    ...provisioningMutations,
    ...subscriptionChangeMutations,
    ...usageMutations,
  },
  Subscription: subscription,
};
