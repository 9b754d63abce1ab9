import { expect, inject, test, vi } from 'vitest';
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
