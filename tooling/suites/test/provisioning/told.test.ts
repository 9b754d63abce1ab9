import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProvisioningStage, provisioningStage } from '../../src/provisioning-stage.js';
import { storages } from '../../src/storages.js';

describe.each(storages)('what provisioning tells on %s', (storage) => {
  let stage: ProvisioningStage;
  beforeEach(async () => {
    stage = await provisioningStage(storage, '2026-01-01T00:00:00Z');
  });
  afterEach(() => stage.stack.close());

  /** Names of events with the plan of the subscription that each is about. */
  const told = async () => {
    const { events } = await stage.stack.engine.events({ after: null, limit: 1000 });
    return events
      .filter(({ type }) => /^(subscription|trial)\./.test(type))
      .map(({ type, entity }) => `${type} ${(entity as { planId: string }).planId}`);
  };
  const tried = { planId: 'plan-tried' };

  test('a trial and its purchase, each once', async () => {
    await stage.provision('ada', { ...tried, subscriptionId: 'trial' });
    await stage.provision('ada', { ...tried, subscriptionId: 'trial' });
    expect(await told()).toEqual(['subscription.created plan-tried', 'trial.started plan-tried']);
    await stage.provision('ada', { planId: 'plan-converting' });
    expect((await told()).slice(2)).toEqual(['subscription.created plan-converting', 'trial.converted plan-tried']);
  });

  test('a move that waits, and both ends of it when it is made', async () => {
    await stage.provision('ada', { planId: 'plan-pro' });
    await stage.provision('ada', { planId: 'plan-basic', scheduleStrategy: 'END_OF_BILLING_PERIOD' });
    await stage.stack.clock.set('2026-02-01T00:00:00Z');
    // What time does is stored, and told, with the next change of the customer.
    await stage.provision('ada', { planId: 'plan-basic', metadata: { seen: true } });
    expect(await told()).toEqual([
      'subscription.created plan-pro',
      'subscription.updated plan-pro',
      'subscription.canceled plan-pro',
      'subscription.created plan-basic',
      'subscription.updated plan-basic',
    ]);
  });

  test('a refusal tells nothing', async () => {
    await expect(stage.provision('ada', { cancellationDate: '2025-01-01T00:00:00Z' })).rejects.toMatchObject({
      field: 'cancellationDate',
    });
    expect(await told()).toEqual([]);
  });
});
