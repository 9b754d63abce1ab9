import { randomBytes } from 'node:crypto';
import { createStack, testClock } from '@tollgate/server/embedded';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { catalog } from './catalog.js';
import { finished, tollgate } from './command.js';
import { dropSchema } from './server-fixture.js';

const jan1 = Date.UTC(2026, 0, 1);

/** What the command printed, line by line. */
const printed = (out: string): { type: string; customerId: string | null; cursor: string }[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('tollgate events', { timeout: 120_000 }, () => {
  const schema = `events_test_${randomBytes(6).toString('hex')}`;
  const target = () => ({ DATABASE_URL: inject('postgresUrl'), TOLLGATE_SCHEMA: schema });
  let stack: Awaited<ReturnType<typeof createStack>>;
  beforeAll(async () => {
    const clock = testClock(jan1);
    stack = await createStack({ database: inject('postgresUrl'), schema, environment: 'production', catalog, clock });
    const { environment } = stack;
    await environment.provisionCustomer({ customerId: 'ada' }, jan1);
    await environment.grantPromotionalEntitlements('ada', [{ featureId: 'feature-sso', period: 'ONE_WEEK' }], jan1);
    await environment.provisionCustomer({ customerId: 'grace' }, jan1);
  });
  afterAll(async () => {
    await stack.close();
    await dropSchema(inject('postgresUrl'), schema);
  });
  const ofCustomers = (out: string) => printed(out).filter(({ customerId }) => customerId !== null);

  test('prints what happened, one object a line, each with the cursor to go on after it', async () => {
    const { code, out } = await finished(['events'], { env: target() });
    expect(code).toBe(0);
    const [first, granted, second] = ofCustomers(out);
    expect(first).toMatchObject({
      type: 'customer.created',
      timestamp: '2026-01-01T00:00:00.000Z',
      customerId: 'ada',
      entity: { customerId: 'ada' },
    });
    expect(granted).toMatchObject({ type: 'promotional_entitlement.granted', customerId: 'ada' });
    expect(second).toMatchObject({ type: 'customer.created', customerId: 'grace' });
    const after = await finished(['events', '--after', granted?.cursor as string], { env: target() });
    expect(printed(after.out).map(({ customerId }) => customerId)).toEqual(['grace']);
    const one = await finished(['events', '--limit', '1'], { env: target() });
    expect(printed(one.out)).toHaveLength(1);
  });

  test('goes on as things happen, until it is stopped', async () => {
    const last = printed((await finished(['events'], { env: target() })).out).at(-1);
    const run = tollgate(['events', '--after', last?.cursor as string, '--follow'], { env: target() });
    await stack.environment.provisionCustomer({ customerId: 'alan' }, jan1);
    await run.seen(/"customerId":"alan"/);
    await stack.environment.provisionCustomer({ customerId: 'mary' }, jan1);
    await run.seen(/"customerId":"mary"/);
    await run.stop();
    // By the clock of this machine a grant is over, but whoever looks brings nobody up.
    expect(printed(run.out()).map(({ type }) => type)).toEqual(['customer.created', 'customer.created']);
  });

  test('says what is wrong with a cursor or a limit', async () => {
    const { code, err } = await finished(['events', '--after', 'nonsense'], { env: target() });
    expect([code, err]).toEqual([1, 'tollgate: after is not a cursor that a list of events gave\n']);
    expect((await finished(['events', '--limit', '0'], { env: target() })).code).toBe(2);
  });
});
