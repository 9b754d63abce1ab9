import { expect, inject, test, vi } from 'vitest';
import { startChores } from '../src/chores.js';
import { testClock } from '../src/clock.js';
import { createStack } from '../src/stack.js';
import { catalog } from './catalog.js';

const jan1 = Date.UTC(2026, 0, 1);
const day = 86_400_000;

test('a server tells of what time did, though nobody asks for it', async () => {
  const clock = testClock(jan1);
  const stack = await createStack({ database: 'memory', template: inject('pgliteTemplate'), catalog, clock });
  try {
    const { environment } = stack;
    await environment.provisionCustomer({ customerId: 'ada' }, jan1);
    await environment.grantPromotionalEntitlements('ada', [{ featureId: 'feature-sso', period: 'ONE_WEEK' }], jan1);
    clock.set(jan1 + 8 * day);
    await vi.waitFor(
      async () => {
        const { events } = await environment.events({ after: null, limit: 1000 });
        expect(events.map(({ type }) => type)).toContain('promotional_entitlement.expired');
      },
      { timeout: 20_000 },
    );
  } finally {
    await stack.close();
  }
});

test('a server takes away what is over for good', async () => {
  const clock = testClock(jan1);
  const template = inject('pgliteTemplate');
  const stack = await createStack({ database: 'memory', template, catalog, clock, chores: false });
  try {
    const { environment, engine } = stack;
    const asked = { customerId: 'ada', reservationId: 'r' };
    await environment.provisionCustomer({ customerId: 'ada', subscriptionParams: { planId: 'plan-free' } }, jan1);
    const reserved = await environment.hot(
      { reserve: { ...asked, items: [{ featureId: 'feature-reports', amount: '1' }] } },
      jan1,
    );
    expect(reserved.reservation?.status).toBe('HELD');
    const later = testClock(jan1 + 36 * day);
    expect(await environment.reservation(asked, later.now())).not.toBeNull();
    const chores = startChores(engine, later, (error) => {
      throw error;
    });
    await vi.waitFor(async () => expect(await environment.reservation(asked, later.now())).toBeNull(), {
      timeout: 20_000,
    });
    await chores.stop();
  } finally {
    await stack.close();
  }
});
