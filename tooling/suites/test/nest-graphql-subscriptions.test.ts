import 'reflect-metadata';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Args, Context, GqlExecutionContext, Query, Resolver, Subscription } from '@nestjs/graphql';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Admission, Customer, RequireEntitlement } from '@tollgate/nestjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';
import { type GraphqlAnswer, type GraphqlApp, graphqlServers, startGraphqlApp } from '../src/nest-graphql-app.js';
import { nestVariant } from '../src/nest-variant.js';
import { until } from '../src/until.js';

const typeDefs = `
  type Query { ready: Boolean }
  type Tick { size: Float! }
  type Subscription {
    watch(measured: Float): Tick
    failing: Tick
    ticks(least: Float): Tick
    sizes: Float
    both: Tick
    filtered: Tick
  }
`;

interface Tick {
  size: number;
}

/** Events that a test sends, to one subscription. */
class Channel implements AsyncIterableIterator<unknown> {
  static opened: Channel[] = [];
  private readonly waiting: ((result: IteratorResult<unknown>) => void)[] = [];
  private readonly events: unknown[] = [];
  isClosed = false;

  constructor() {
    Channel.opened.push(this);
  }

  send(name: string, size: number): void {
    const event = { [name]: { size } };
    const next = this.waiting.shift();
    if (next) next({ done: false, value: event });
    else this.events.push(event);
  }

  async next(): Promise<IteratorResult<unknown>> {
    if (this.events.length > 0) return { done: false, value: this.events.shift() };
    if (this.isClosed) return { done: true, value: undefined };
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.isClosed = true;
    for (const resolve of this.waiting.splice(0)) resolve({ done: true, value: undefined });
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const eventIn = (context: ExecutionContext) => GqlExecutionContext.create(context).getRoot<Record<string, Tick>>();

@Injectable()
@Resolver()
class Ticks {
  @Query('ready')
  ready() {
    return true;
  }

  @Subscription('watch')
  @RequireEntitlement('feature-reports', { usage: 7 })
  watch(@Args('measured') measured: number | undefined, @Admission() admission: Admission) {
    if (measured !== undefined) admission.measure(measured);
    return new Channel();
  }

  @Subscription('failing')
  @RequireEntitlement('feature-reports', { usage: 7 })
  async *failing() {
    yield { failing: { size: 1 } };
    throw new Error('the source is gone');
  }

  @Subscription('ticks', {
    filter: (payload: { ticks: Tick }, { least = 0 }: { least?: number }) => payload.ticks.size >= least,
  })
  @RequireEntitlement('feature-reports', { usage: (context) => eventIn(context).ticks?.size ?? 0, per: 'event' })
  ticks() {
    return new Channel();
  }

  @Subscription('sizes', { resolve: (payload: { sizes: Tick }) => payload.sizes.size * 10 })
  @RequireEntitlement('feature-reports', { usage: 1, per: 'event' })
  sizes() {
    return new Channel();
  }

  /** Mercurius' own events, where there are any: it ends them by itself when the client has left. */
  @Subscription('filtered', { filter: (payload: { filtered: Tick }) => payload.filtered.size > 1 })
  @RequireEntitlement('feature-reports', { usage: 7 })
  filtered(@Context() { pubsub }: { pubsub?: { subscribe(topic: string): Promise<AsyncIterable<unknown>> } }) {
    const channel = new Channel();
    return pubsub?.subscribe('filtered') ?? channel;
  }

  @Subscription('both')
  @RequireEntitlement('feature-calls', { usage: 1 })
  @RequireEntitlement('feature-reports', { usage: 2, per: 'event' })
  both(@Customer() _customer: Customer, @Context() _context: unknown) {
    return new Channel();
  }
}

/** A subscription of one client, and what came of it. */
interface Subscribed {
  received: GraphqlAnswer[];
  /** The errors with which it was refused or broken off. */
  errors: unknown[];
  isComplete(): boolean;
  leave(): void;
}

function subscribe(app: GraphqlApp, customerId: string, query: string): Subscribed {
  const received: GraphqlAnswer[] = [];
  const errors: unknown[] = [];
  let isComplete = false;
  const leave = app.connect(customerId).subscribe(
    { query },
    {
      next: (answer) => void received.push(answer as GraphqlAnswer),
      error: (error) => void errors.push(error),
      complete: () => {
        isComplete = true;
      },
    },
  );
  return { received, errors, isComplete: () => isComplete, leave };
}

let bench: GateBench;
beforeAll(async () => {
  bench = await openGateBench(
    nestVariant('Nest', () => new ExpressAdapter()),
    inject('postgresUrl'),
  );
});
afterAll(() => bench?.close());

describe.each(graphqlServers)('GraphQL subscriptions by $name', (server) => {
  let app: GraphqlApp;

  beforeAll(async () => {
    app = await startGraphqlApp(server, typeDefs, [Ticks], { tollgate: { client: bench.client } });
  });
  afterAll(async () => {
    await app?.close();
  });

  const reportsOf = (customerId: string) => bench.usageOf(customerId, 'feature-reports');
  const heldOf = async (customerId: string) => (await bench.partOf(customerId, 'feature-reports'))?.held ?? 0n;

  async function opened(customerId: string, query: string): Promise<{ channel: Channel; subscribed: Subscribed }> {
    Channel.opened = [];
    const subscribed = subscribe(app, customerId, query);
    const [channel] = await until(
      () => Channel.opened,
      (channels) => channels.length > 0,
    );
    return { channel: channel as Channel, subscribed };
  }

  const receivedBy = ({ received }: Subscribed, count: number) =>
    until(
      () => received,
      (answers) => answers.length >= count,
    );

  it('holds what a subscription needs from its start, and charges it when it ends by itself [nest.6c]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { channel, subscribed } = await opened(customerId, 'subscription { watch { size } }');
    channel.send('watch', 1);
    channel.send('watch', 2);
    expect(await receivedBy(subscribed, 2)).toEqual([
      { data: { watch: { size: 1 } } },
      { data: { watch: { size: 2 } } },
    ]);
    expect([await heldOf(customerId), await reportsOf(customerId)]).toEqual([7_000_000n, 0]);
    await channel.return();
    await eventually(() => reportsOf(customerId)).toBe(7);
    expect(await heldOf(customerId)).toBe(0n);
    await until(subscribed.isComplete, (isComplete) => isComplete);
  });

  it.each([
    { what: 'what was measured', query: 'subscription { watch(measured: 3) { size } }', charged: 3 },
    { what: 'nothing without a measurement', query: 'subscription { watch { size } }', charged: 0 },
  ])('charges $what when the client leaves [nest.6c] [settle.7]', async ({ query, charged }) => {
    const customerId = await bench.newCustomer('plan-pro');
    const { channel, subscribed } = await opened(customerId, query);
    channel.send('watch', 1);
    await receivedBy(subscribed, 1);
    expect(await heldOf(customerId)).toBe(7_000_000n);
    subscribed.leave();
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect(await reportsOf(customerId)).toBe(charged);
    expect(channel.isClosed).toBe(true);
  });

  it('takes a client that leaves a filtered subscription for one that has left, and not for its end [settle.7]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { channel, subscribed } = await opened(customerId, 'subscription { filtered { size } }');
    const pubsub = app.app.getHttpAdapter().getInstance().graphql?.pubsub;
    await eventually(() => {
      // Mercurius tells nobody when it listens: what is sent before then is lost.
      if (pubsub) pubsub.publish({ topic: 'filtered', payload: { filtered: { size: 2 } } });
      else channel.send('filtered', 2);
      return subscribed.received[0];
    }).toEqual({ data: { filtered: { size: 2 } } });
    subscribed.leave();
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect(await reportsOf(customerId)).toBe(0);
  });

  it('lets go what a subscription held whose source fails [settle.7]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const subscribed = subscribe(app, customerId, 'subscription { failing { size } }');
    await receivedBy(subscribed, 1);
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect(await reportsOf(customerId)).toBe(0);
  });

  it('refuses a subscription at its start, and runs no handler [nest.6c] [nest.7]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    Channel.opened = [];
    const subscribed = subscribe(app, customerId, 'subscription { watch { size } }');
    const said = await until(
      () => JSON.stringify([...subscribed.errors, ...subscribed.received]),
      (text) => text !== '[]',
    );
    expect(said).toContain('Reports: 0 of 3 are used, and this request needs 7.');
    expect(Channel.opened).toEqual([]);
    expect(await heldOf(customerId)).toBe(0n);
  });

  it('decides and charges each event, puts a denial in the place of its event, and goes on [nest.6c]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    const { channel, subscribed } = await opened(customerId, 'subscription { ticks { size } }');
    channel.send('ticks', 2);
    await receivedBy(subscribed, 1);
    await eventually(() => reportsOf(customerId)).toBe(2);
    channel.send('ticks', 3);
    channel.send('ticks', 1);
    const [first, denied, last] = await receivedBy(subscribed, 3);
    expect([first, last]).toEqual([{ data: { ticks: { size: 2 } } }, { data: { ticks: { size: 1 } } }]);
    expect(denied).toMatchObject({
      data: { ticks: null },
      errors: [{ path: ['ticks'], extensions: { code: 'quota-exceeded', limit: 3, used: 2, requested: 3 } }],
    });
    await eventually(() => reportsOf(customerId)).toBe(3);
    subscribed.leave();
  });

  it('decides only what passes the filter of the subscription [nest.6c]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { channel, subscribed } = await opened(customerId, 'subscription { ticks(least: 5) { size } }');
    for (const size of [1, 6, 2, 8]) channel.send('ticks', size);
    expect(await receivedBy(subscribed, 2)).toEqual([
      { data: { ticks: { size: 6 } } },
      { data: { ticks: { size: 8 } } },
    ]);
    await eventually(() => reportsOf(customerId)).toBe(14);
    subscribed.leave();
  });

  it('keeps what the subscription’s own resolve answers [nest.6c]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { channel, subscribed } = await opened(customerId, 'subscription { sizes }');
    channel.send('sizes', 4);
    expect(await receivedBy(subscribed, 1)).toEqual([{ data: { sizes: 40 } }]);
    await eventually(() => reportsOf(customerId)).toBe(1);
    subscribed.leave();
  });

  it('charges the subscription and its events each as they say [nest.3] [nest.6c]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { channel, subscribed } = await opened(customerId, 'subscription { both { size } }');
    channel.send('both', 1);
    channel.send('both', 1);
    await receivedBy(subscribed, 2);
    await eventually(() => reportsOf(customerId)).toBe(4);
    expect(await bench.usageOf(customerId, 'feature-calls')).toBe(0);
    await channel.return();
    await eventually(() => bench.usageOf(customerId, 'feature-calls')).toBe(1);
  });
});
