import {
  type ApplySubscriptionInput,
  type ImportSubscriptionInput,
  type ProvisionSubscriptionInput,
  snapshotToWire,
} from '@tollgate/contract';
import type { ProvisionedSubscription } from '@tollgate/engine';
import { defaultPort } from './default-port.js';
import { serverOnly } from './resolver.js';

/** Where a server listens unless it is told otherwise. */
const usualUrl = `http://127.0.0.1:${defaultPort}`;

/** A checkout of the sandbox is a page of this server; other providers name theirs in full. */
const provisioned = (done: ProvisionedSubscription, url: string = usualUrl) => ({
  ...done,
  checkoutUrl: done.checkoutUrl && new URL(done.checkoutUrl, url).href,
  snapshots: done.snapshots.map(snapshotToWire),
});

/** Subscriptions: how they begin. */
export const provisioningMutations = {
  provisionSubscription: serverOnly<{ input: ProvisionSubscriptionInput }>(
    async (_root, { input }, { environment, clock, url }) =>
      provisioned(await environment.provisionSubscription(input, clock.now()), url),
  ),
  applySubscription: serverOnly<{ input: ApplySubscriptionInput }>(
    async (_root, { input }, { environment, clock, url }) =>
      provisioned(await environment.applySubscription(input, clock.now()), url),
  ),
  importSubscriptions: serverOnly<{ subscriptions: ImportSubscriptionInput[] }>(
    (_root, { subscriptions }, { environment, clock }) => environment.importSubscriptions(subscriptions, clock.now()),
  ),
};
