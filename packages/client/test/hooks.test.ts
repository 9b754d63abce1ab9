import { TollgateError } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { createGate } from '../src/gate/create-gate.js';
import { defineRequirements } from '../src/gate/requirement.js';
import type { CacheEvent, DecisionEvent, TollgateHooks } from '../src/hook-events.js';
import { loggerTelling, resolveHooks } from '../src/hooks.js';
import { gateClientOf, type ReferenceClient } from '../src/reference-client.js';

const lookup: CacheEvent = { result: 'hit', cache: 'memory', customerId: 'acme', resourceId: null };

/** Hooks as a client calls them, and what it logged meanwhile; the clock is the test's. */
function called(hooks: TollgateHooks | readonly TollgateHooks[]) {
  const logged: string[] = [];
  const time = { nowMs: 0 };
  const error = (message: string, cause?: unknown): void => void logged.push(`${message}: ${cause}`);
  const logger = { log: () => {}, debug: () => {}, error };
  const monotonic = (): number => time.nowMs;
  return { hooks: resolveHooks(hooks, { logger, monotonic }), logged, time, logger, monotonic };
}

describe('a hook', () => {
  test('is undefined while nobody watches, so that nothing is put together for it', () => {
    expect(called({ onUsage: () => {} }).hooks).toMatchObject({ onDecision: undefined, onCache: undefined });
    expect(resolveHooks(undefined, called({})).onUsage).toBeUndefined();
  });

  test('gets what it cannot change, and keeps its own this', () => {
    const frozen: boolean[] = [];
    class Watch {
      readonly #frozen = frozen;
      onCache(event: CacheEvent): void {
        this.#frozen.push(Object.isFrozen(event));
      }
    }
    called(new Watch()).hooks.onCache?.({ ...lookup });
    expect(frozen).toEqual([true]);
  });

  test('that throws or rejects harms nobody, not the others either, and is in the log once a minute', async () => {
    const seen: string[] = [];
    const { hooks, logged, time } = called([
      {
        onCache: () => {
          throw new Error('thrown');
        },
      },
      { onCache: () => Promise.reject(new Error('rejected')) },
      { onCache: ({ result }) => seen.push(result) },
    ]);
    for (let count = 0; count < 3; count += 1) hooks.onCache?.({ ...lookup });
    await Promise.resolve();
    expect(seen).toEqual(['hit', 'hit', 'hit']);
    expect(logged).toEqual([
      'hooks.onCache failed, 1 times so far: Error: thrown',
      'hooks.onCache failed, 1 times so far: Error: rejected',
    ]);
    time.nowMs = 60_000;
    hooks.onCache?.({ ...lookup });
    expect(logged[2]).toBe('hooks.onCache failed, 4 times so far: Error: thrown');
  });

  test('is never waited for', () => {
    const { hooks } = called({ onCache: () => new Promise(() => {}) });
    expect(hooks.onCache?.({ ...lookup })).toBeUndefined();
  });

  test('is not told of what it brought about itself', () => {
    let calls = 0;
    const { hooks } = called({
      onCache: () => {
        calls += 1;
        hooks.onCache?.({ ...lookup });
      },
    });
    hooks.onCache?.({ ...lookup });
    hooks.onCache?.({ ...lookup });
    expect(calls).toBe(2);
  });

  test.each([
    ['a name that is not a hook', { onDecison: () => {} }, 'hooks.onDecison', 'onDecision, onUsage, onCache, onError'],
    ['something that is no function', { onUsage: 'log' }, 'hooks.onUsage', 'must be a function'],
    ['no object', 'log', 'hooks', 'must be an object'],
  ])('is refused by its name: %s', (_, given, field, rule) => {
    const refuse = () => called(given as TollgateHooks);
    expect(refuse).toThrowError(expect.objectContaining({ code: 'CONFIGURATION', field }));
    expect(refuse).toThrowError(rule);
  });
});

describe('onError', () => {
  test('hears what is logged as an error, with its code', () => {
    const told: unknown[] = [];
    const { hooks, logger, logged } = called({ onError: (event) => told.push(event) });
    const error = new TollgateError('TIMEOUT', 'too late');
    loggerTelling(logger, hooks).error('it failed', { some: 'facts' }, error);
    loggerTelling(logger, hooks).error('it is odd');
    expect(told).toEqual([
      { message: 'it failed', code: 'TIMEOUT', error },
      { message: 'it is odd', code: null, error: undefined },
    ]);
    expect(logged).toHaveLength(2);
  });

  test('that fails is in the log, and does not hear of itself', () => {
    const { hooks, logger, logged } = called({
      onError: () => {
        throw new Error('no luck');
      },
    });
    loggerTelling(logger, hooks).error('it failed');
    expect(logged).toEqual(['it failed: undefined', 'hooks.onError failed, 1 times so far: Error: no luck']);
  });
});

describe('onDecision', () => {
  const hosted = (): ReferenceClient => {
    const answer = async () => ({
      hasAccess: true,
      isFallback: false,
      type: 'METERED',
      currentUsage: 2,
      usageLimit: 3,
    });
    return {
      getBooleanEntitlement: answer,
      getNumericEntitlement: answer,
      getMeteredEntitlement: answer,
      getEnumEntitlement: answer,
      getEntitlement: answer,
      reportUsage: async () => ({}),
    };
  };
  const requirements = defineRequirements({ feature: 'feature-reports', usage: 1, mode: 'check' });

  /** A request that counts how often somebody asks for its route: only an event does. */
  const countedContext = () => {
    const reads = { count: 0 };
    const context = Object.defineProperty({ request: {} }, 'route', {
      get: () => {
        reads.count += 1;
        return 'GET /reports';
      },
    });
    return { context, reads };
  };

  test('costs a request nothing while nobody watches', async () => {
    const { context, reads } = countedContext();
    const gate = createGate({
      client: gateClientOf(hosted(), { hooks: { onUsage: () => {} } }),
      customer: () => 'acme',
    });
    expect((await gate.admit(context, requirements)).isAdmitted).toBe(true);
    expect(reads.count).toBe(0);
  });

  test('hears of every requirement, behind a client of the hosted product too', async () => {
    const { context } = countedContext();
    const told: DecisionEvent[] = [];
    const client = gateClientOf(hosted(), { hooks: { onDecision: (event) => told.push(event) } });
    const gate = createGate({ client, customer: () => 'acme' });
    const both = defineRequirements([
      { feature: 'feature-reports', usage: 1, mode: 'meter' },
      { feature: 'feature-calls', usage: 2, mode: 'meter' },
    ]);
    expect((await gate.admit(context, both)).isAdmitted).toBe(false);
    const common = { from: 'gate', route: 'GET /reports', customerId: 'acme', isAdmitted: false, isShadow: false };
    expect(told).toEqual([
      expect.objectContaining({ ...common, featureId: 'feature-reports', hasAccess: true, code: null, reason: null }),
      expect.objectContaining({
        ...common,
        featureId: 'feature-calls',
        hasAccess: false,
        code: 'limit-reached',
        reason: 'RequestedUsageExceedingLimit',
        mode: 'meter',
        requested: 2,
        used: 2,
        limit: 3,
        source: 'cache',
      }),
    ]);
    expect(told[0]?.decisionId).toBe(told[1]?.decisionId);
  });

  test('hears that a request named no customer', async () => {
    const told: DecisionEvent[] = [];
    const client = gateClientOf(hosted(), {
      hooks: { onDecision: (event) => told.push(event) },
      logConfiguration: { logLevel: 'NONE' },
    });
    await createGate({ client, customer: () => undefined }).admit({ request: {} }, requirements);
    expect(told).toMatchObject([{ customerId: null, hasAccess: false, code: 'customer-missing', reason: null }]);
  });
});

test('the header that explains stays within 4,000 characters of ASCII, and keeps what each requirement came to', async () => {
  const answer = async () => ({ hasAccess: true, isFallback: false, type: 'ENUM', enumValues: ['größe'] });
  const client = gateClientOf({
    getBooleanEntitlement: answer,
    getNumericEntitlement: answer,
    getMeteredEntitlement: answer,
    getEnumEntitlement: answer,
    getEntitlement: answer,
    reportUsage: answer,
  });
  const gate = createGate({ client, customer: () => 'acme', explainHeader: true });
  const headerOf = async (count: number): Promise<string> => {
    const all = Array.from({ length: count }, (_, index) => ({ feature: `feature-${index}`, values: 'größe' }));
    const { headers } = await gate.admit({ request: {} }, defineRequirements(all));
    return headers['X-Tollgate-Explain'] as string;
  };
  const short = JSON.parse(await headerOf(1));
  expect(short[0].steps.at(-1)).toBe('values-granted');
  const long = await headerOf(12);
  expect(long.length).toBeLessThanOrEqual(4_000);
  expect(JSON.parse(long)).toHaveLength(12);
  expect(JSON.parse(long)[11]).toEqual(expect.objectContaining({ feature: 'feature-11', hasAccess: true }));
  const denied = await gate.admit({ request: {} }, defineRequirements({ feature: 'feature-0', values: 'größer' }));
  const why = denied.headers['X-Tollgate-Explain'] as string;
  expect(why).toMatch(/^[ -~]*$/);
  expect(JSON.parse(why)[0].sentence).toBe('A value asked for is not granted; granted are: größe.');
  const most = await headerOf(60);
  expect(most.length).toBeLessThanOrEqual(4_000);
  expect(JSON.parse(most).length).toBeGreaterThan(10);
});
