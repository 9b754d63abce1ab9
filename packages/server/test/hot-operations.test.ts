import { type HotOperationInput, HotOperationsDocument, ProvisionCustomerDocument } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './server-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  const subscriptionParams = { planId: 'plan-free' };
  await fixture.send(ProvisionCustomerDocument, { input: { customerId: 'acme', subscriptionParams } });
});
afterAll(() => fixture?.close());

const send = (operations: HotOperationInput[], patienceMs?: number) =>
  fixture.send(HotOperationsDocument, { operations, patienceMs });
const report = (value: string, idempotencyKey?: string): HotOperationInput => ({
  reportUsage: { customerId: 'acme', featureId: 'feature-reports', value, updateBehavior: 'DELTA', idempotencyKey },
});
const release = { release: { customerId: 'acme', reservationId: 'none' } };

describe('hot operations', () => {
  test('are answered in the order given, each for itself', async () => {
    const { data } = await send([report('1', 'k1'), release, report('2'), report('1', 'k2')]);
    expect(data?.hotOperations).toMatchObject([
      { isRunning: false, error: null, usage: { currentUsage: '1', isDuplicate: false } },
      { isRunning: false, error: { code: 'RESERVATION_NOT_FOUND', isRetryable: false }, usage: null },
      { error: { code: 'INVALID_ARGUMENT', field: 'idempotencyKey' }, usage: null },
      { error: null, usage: { currentUsage: '2' } },
    ]);
  });

  test('that cannot be done within no time at all are running, and are answered when they are asked for again', async () => {
    const asked = [report('1', 'k3')];
    expect((await send(asked, 0)).data?.hotOperations).toMatchObject([{ isRunning: true, error: null, usage: null }]);
    // The answer of the first call, which was not a repetition; asked for once more, it is one.
    expect((await send(asked, 5_000)).data?.hotOperations).toMatchObject([{ usage: { isDuplicate: false } }]);
    expect((await send(asked, 5_000)).data?.hotOperations).toMatchObject([{ usage: { isDuplicate: true } }]);
  });

  test.each([
    ['no operations', [], 200, 'operations'],
    ['101 operations', Array<HotOperationInput>(101).fill(release), 200, 'operations'],
    ['a patience below 0', [release], -1, 'patienceMs'],
    ['a patience above 5,000', [release], 5_001, 'patienceMs'],
  ])('are refused with %s', async (_, operations, patienceMs, field) => {
    const { errors } = await send(operations, patienceMs);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });
});
