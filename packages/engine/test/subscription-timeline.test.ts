import { expect, test } from 'vitest';
import { buildCatalog, type Catalog, type CatalogEntry } from '../src/catalog/catalog.js';
import { newSubscription } from '../src/subscription/new-subscription.js';
import { withScheduled } from '../src/subscription/schedule.js';
import type { Subscription } from '../src/subscription/subscription.js';
import { bringUpTo } from '../src/subscription/timeline.js';
import { changingCatalog } from './changing-catalog.js';
import { at } from './stage.js';

const jan5 = at('2026-01-05T00:00:00Z');
const feb5 = at('2026-02-05T00:00:00Z');

/** The catalog as one publish, with some of its add-ons archived. */
function catalogWithout(...archived: string[]): Catalog {
  const { products, plans, addons = {}, features } = changingCatalog;
  const entries = Object.entries({ product: products, plan: plans, addon: addons, feature: features });
  return buildCatalog(
    1,
    entries.flatMap(([kind, contents]) =>
      Object.entries(contents).map(([id, content]): CatalogEntry => {
        const isArchived = archived.includes(id);
        const common = { version: 1, catalog: 1, isForAll: true, isDraft: false };
        return { kind: kind as CatalogEntry['kind'], id, content, isArchived, ...common };
      }),
    ),
  );
}

function scheduledAddon(addonId: string): Subscription {
  const catalog = catalogWithout();
  const plan = catalog.plans.get('plan-pro');
  if (!plan) throw new Error('the catalog has lost plan-pro');
  const request = { plan, resourceId: null, billingPeriod: 'MONTHLY', addons: [], metadata: {} } as const;
  const moment = { at: jan5, catalog, revision: 1, subscriptionId: 's' };
  const change = { addons: [{ addonId, quantity: 1 }] };
  const scheduled = [{ type: 'ADDON', change, targetPackage: addonId }] as const;
  return withScheduled(newSubscription('c', request, moment, null), scheduled, feb5, () => 'update-1');
}

test('an update that is to come fails, and leaves the subscription as it is, when its add-on is no longer sold', () => {
  const { subscriptions, events } = bringUpTo([scheduledAddon('addon-sso')], feb5, () => catalogWithout('addon-sso'));
  expect(subscriptions).toMatchObject([
    { status: 'ACTIVE', addons: [], futureUpdates: [{ scheduleStatus: 'FAILED' }] },
  ]);
  expect(events.map(({ type, at: instant }) => [type, instant])).toEqual([['subscription.updated', feb5]]);
});

test('an update that is to come happens when its add-on is still sold', () => {
  const { subscriptions } = bringUpTo([scheduledAddon('addon-sso')], feb5, () => catalogWithout('addon-reports'));
  expect(subscriptions).toMatchObject([
    { addons: [{ addonId: 'addon-sso', quantity: 1 }], futureUpdates: [{ scheduleStatus: 'DONE' }] },
  ]);
});
