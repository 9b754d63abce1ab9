import type { ChangeBatch } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

describe.each(implementations)('the change feed of the engine on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  test('carries notices of grants, new counter values and publishes, under versions that snapshots agree with', async () => {
    const { environment } = stage;
    const batches: Omit<ChangeBatch, 'clock'>[] = [];
    const following = environment.follow(null, {
      onBatch: (batch) => void batches.push(batch),
      onEnd: (error) => {
        throw error;
      },
    });
    const usage = () => batches.flatMap((batch) => batch.usage);
    const grants = () => batches.flatMap((batch) => batch.grants);
    await vi.waitFor(() => expect(batches).not.toHaveLength(0));
    try {
      await environment.provisionCustomer({ customerId: 'ada' }, now);
      await vi.waitFor(() => expect(grants()).toHaveLength(1));
      expect(grants()[0]).toEqual({
        key: { customerId: 'ada', resourceId: null },
        version: { epoch: stage.engine.epoch, catalog: 1, revision: 1, validFrom: now },
      });

      // A name is no standing: nobody's cache is out of date.
      await environment.provisionCustomer({ customerId: 'ada', name: 'Ada' }, now);
      await environment.provisionSubscription({ customerId: 'ada', planId: 'plan-workspace', resourceId: 'w1' }, now);
      await vi.waitFor(() => expect(grants()).toHaveLength(2));
      expect(grants()[1]).toMatchObject({ key: { customerId: 'ada', resourceId: 'w1' }, version: { revision: 3 } });

      const item = {
        customerId: 'ada',
        featureId: 'feature-projects',
        resourceId: 'w1',
        value: '2',
        idempotencyKey: 'k',
      };
      await environment.reportUsage([item], now);
      await environment.reportUsage([item], now);
      await vi.waitFor(() => expect(usage().at(-1)?.part.currentUsage).toBe(2_000_000n));
      const [snapshot] = await environment.snapshots('ada', ['w1'], now);
      expect(usage().at(-1)).toEqual({
        key: { customerId: 'ada', resourceId: 'w1' },
        part: snapshot?.usage.get('feature-projects'),
      });
      // The repeated report changed nothing, so it made no revision.
      expect(snapshot?.grants.version.revision).toBe(4);

      await environment.applyCatalog(
        changed(({ plans }) => Object.assign(plans['plan-free'] ?? {}, { displayName: 'Starter' })),
        { dryRun: false },
        now,
      );
      await vi.waitFor(() => expect(batches.at(-1)?.catalog).toBe(2));
      expect(grants()).toHaveLength(2);
    } finally {
      following.close();
    }
  });
});
