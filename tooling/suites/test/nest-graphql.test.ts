import 'reflect-metadata';
import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable, UseGuards } from '@nestjs/common';
import { Args, GqlExecutionContext, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Admission, Customer, RequireEntitlement, SkipEntitlement } from '@tollgate/nestjs';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';
import {
  type GraphqlAnswer,
  type GraphqlApp,
  graphqlCustomer,
  graphqlServers,
  startGraphqlApp,
} from '../src/nest-graphql-app.js';
import { nestVariant } from '../src/nest-variant.js';

const typeDefs = `
  type Query {
    report(id: ID!, weight: Float): Report
    reports: [Report!]
    combined: String
    free: Boolean
    guarded: Boolean
    late: String
    sso: Boolean
    left(fail: Boolean): String
    right(fail: Boolean): String
    both: String
  }
  type Mutation { write(weight: Float!, fail: Boolean): String }
  type Report { id: ID! pages: Int owner: String }
`;

interface LateContext {
  lateCustomer?: string;
}
const contextOf = (context: ExecutionContext) => GqlExecutionContext.create(context).getContext<LateContext>();

/** Runs after the entitlement's own guard, and finds out whose request it is. */
@Injectable()
class LaterGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const customerId = graphqlCustomer(context);
    if (customerId === undefined) throw new ForbiddenException('not signed in');
    contextOf(context).lateCustomer = customerId;
    return true;
  }
}

const asked: string[] = [];
const argsOf = (context: ExecutionContext) => GqlExecutionContext.create(context).getArgs<{ weight?: number }>();

@Resolver('Report')
class Reports {
  @Query('report')
  @RequireEntitlement('feature-reports', { usage: (context) => argsOf(context).weight ?? 1 })
  report(@Args('id') id: string, @Customer() customer: Customer) {
    return { id, owner: customer.customerId };
  }

  @Mutation('write')
  @RequireEntitlement('feature-reports', { usage: 1 })
  async write(@Args('weight') weight: number, @Args('fail') fail: boolean, @Admission() admission: Admission) {
    admission.measure(weight);
    await Promise.resolve();
    if (fail) throw new Error('could not be written');
    return Object.keys(admission.entitlements).join();
  }

  @Query('reports')
  reports() {
    return ['1', '2', '3', '4'].map((id) => ({ id }));
  }

  @ResolveField('pages')
  @RequireEntitlement('feature-reports', { usage: 1 })
  pages(@Parent() report: { id: string }) {
    return Number(report.id);
  }

  @Query('sso')
  @RequireEntitlement('feature-sso')
  sso() {
    return true;
  }
}

@Resolver()
@RequireEntitlement('feature-calls', { usage: 1 })
class Combined {
  @Query('combined')
  @RequireEntitlement('feature-reports', { usage: 2 })
  @RequireEntitlement('feature-projects', { usage: 1 })
  combined(@Admission() { entitlements }: Admission) {
    return Object.keys(entitlements).sort().join();
  }

  @Query('free')
  @SkipEntitlement()
  free(@Admission() admission: Admission | undefined) {
    return admission === undefined;
  }

  @Query('guarded')
  @UseGuards(LaterGuard)
  @RequireEntitlement('feature-reports', {
    usage: () => {
      asked.push('amount');
      return 1;
    },
    customer: (context) => {
      asked.push('customer');
      return graphqlCustomer(context) ?? 'nobody-in-particular';
    },
  })
  guarded() {
    return true;
  }
}

@Resolver()
class Late {
  @Query('late')
  @RequireEntitlement('feature-upload', { atMost: 5, customer: (context) => contextOf(context).lateCustomer })
  @UseGuards(LaterGuard)
  late(@Customer() customer: Customer) {
    return customer.customerId;
  }
}

@Resolver()
@RequireEntitlement('feature-reports', { usage: 1, per: 'operation' })
class PerOperation {
  @Query('left')
  async left(@Args('fail') fail: boolean) {
    await Promise.resolve();
    if (fail) throw new Error('left failed');
    return 'left';
  }

  @Query('right')
  right(@Args('fail') fail: boolean) {
    if (fail) throw new Error('right failed');
    return 'right';
  }

  @Query('both')
  @RequireEntitlement('feature-projects', { usage: 1 })
  both(@Admission() { entitlements }: Admission) {
    return Object.keys(entitlements).sort().join();
  }
}

const answerOf = (response: Response) => response.json() as Promise<GraphqlAnswer>;
const resolvers = [Reports, Combined, Late, PerOperation];
const fieldResolverEnhancers = ['guards', 'interceptors'];
const withEnhancers = { graphql: { fieldResolverEnhancers } };

let bench: GateBench;
beforeAll(async () => {
  bench = await openGateBench(
    nestVariant('Nest', () => new ExpressAdapter()),
    inject('postgresUrl'),
  );
});
afterAll(() => bench?.close());

describe.each(graphqlServers)('GraphQL by $name', (server) => {
  let app: GraphqlApp;

  beforeAll(async () => {
    app = await startGraphqlApp(server, typeDefs, resolvers, { tollgate: { client: bench.client }, ...withEnhancers });
  });
  afterAll(async () => {
    await app?.close();
  });

  const reportsOf = (customerId: string) => bench.usageOf(customerId, 'feature-reports');

  it('charges each field by its own parsed arguments [nest.6a] [nest.11]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const answer = await app.query(
      customerId,
      '{ one: report(id: 1, weight: 2) { id owner } two: report(id: 2, weight: 3) { id } }',
    );
    expect(answer).toEqual({ data: { one: { id: '1', owner: customerId }, two: { id: '2' } } });
    await eventually(() => reportsOf(customerId)).toBe(5);
  });

  it('lets exactly as many parallel fields through as fit, and answers the others in their place [nest.6a] [nest.7] [http.1] [http.5]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    const fields = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: report(id: 1) { id }`).join(' ');
    const response = await app.post(customerId, `{ ${fields} }`);
    const { data, errors = [] } = await answerOf(response);
    expect(response.status).toBe(200);
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toHaveLength(3);
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({
      message: 'Reports: 3 of 3 are used, and this request needs 1.',
      path: [expect.stringMatching(/^[a-e]$/)],
      extensions: {
        code: 'quota-exceeded',
        status: 429,
        featureId: 'feature-reports',
        limit: 3,
        used: 3,
        requested: 1,
        resetAt: '2026-02-01T00:00:00.000Z',
        availableIn: [{ id: 'plan-locked' }, { id: 'plan-pro' }, { id: 'plan-team' }],
        upgradeUrl: 'https://example.com/upgrade',
      },
    });
    await eventually(() => reportsOf(customerId)).toBe(3);
  });

  it('never touches the response: no headers, and its status is the server’s [nest.6a]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    const allowed = await app.post(customerId, '{ report(id: 1) { id } }');
    const denied = await app.post(customerId, '{ sso }');
    expect((await answerOf(denied)).errors?.[0]?.extensions).toMatchObject({
      code: 'feature-not-entitled',
      status: 403,
    });
    expect([allowed.status, denied.status]).toEqual([200, 200]);
    for (const { headers } of [allowed, denied]) {
      expect([...headers.keys()].filter((name) => /ratelimit|retry/.test(name))).toEqual([]);
    }
  });

  it('charges by the outcome of the field, whatever the HTTP status is [settle.7]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const failed = await app.post(customerId, 'mutation { write(weight: 7, fail: true) }');
    expect(failed.status).toBe(200);
    expect((await answerOf(failed)).errors).toHaveLength(1);
    const mixed = await app.query(customerId, 'mutation { bad: write(weight: 7, fail: true) good: write(weight: 9) }');
    expect(mixed.data).toEqual({ bad: null, good: 'feature-reports' });
    await eventually(() => reportsOf(customerId)).toBe(9);
    expect((await bench.partOf(customerId, 'feature-reports'))?.held ?? 0n).toBe(0n);
  });

  it('puts together what class and method require, stacked decorators included, and decides once [nest.3]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const answer = await app.query(customerId, '{ combined }');
    expect(answer).toEqual({ data: { combined: 'feature-calls,feature-projects,feature-reports' } });
    const all = () =>
      Promise.all(['feature-calls', 'feature-projects', 'feature-reports'].map((id) => bench.usageOf(customerId, id)));
    await eventually(all).toEqual([1, 1, 2]);
  });

  it('charges all or nothing when one of several is denied [nest.3]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    expect((await app.query(customerId, '{ combined }')).errors).toBeUndefined();
    const denied = await app.query(customerId, '{ combined }');
    expect(denied.errors?.[0]?.extensions).toMatchObject({ code: 'quota-exceeded', featureId: 'feature-reports' });
    const all = () =>
      Promise.all(['feature-calls', 'feature-projects', 'feature-reports'].map((id) => bench.usageOf(customerId, id)));
    await eventually(all).toEqual([1, 1, 2]);
  });

  it('asks nothing of a skipped field, whoever calls [nest.3]', async () => {
    expect(await app.query(undefined, '{ free }')).toEqual({ data: { free: true } });
  });

  it('decides after every guard: one that refuses keeps the gate from being asked [nest.2]', async () => {
    asked.length = 0;
    const refused = await app.query(undefined, '{ guarded }');
    expect(refused.errors?.[0]?.message).toBe('not signed in');
    expect(asked).toEqual([]);
    expect((await app.query(await bench.newCustomer('plan-pro'), '{ guarded }')).data).toEqual({ guarded: true });
    expect(asked).toEqual(['customer', 'amount']);
  });

  it('finds a customer that only a later guard knows; nobody is an error of its own [nest.5]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    expect((await app.query(customerId, '{ late }')).data).toEqual({ late: customerId });
    const nobody = await app.query(undefined, '{ report(id: 1) { id } }');
    expect(nobody.errors?.[0]?.extensions).toMatchObject({ code: 'customer-missing', status: 401 });
  });

  it('charges every item whose field requires it [nest.6b]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    const { data, errors = [] } = await app.query(customerId, '{ reports { id pages } }');
    const pages = ((data?.reports ?? []) as { pages: number | null }[]).map((report) => report.pages);
    expect(pages.filter((value) => value !== null)).toHaveLength(3);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['quota-exceeded']);
    await eventually(() => reportsOf(customerId)).toBe(3);
  });

  it.each([[undefined], [[]], [['guards']]])(
    'fails the start where field resolvers run with %s, and a requirement would not be seen [nest.6b]',
    async (enhancers) => {
      const graphql = { fieldResolverEnhancers: enhancers };
      const start = startGraphqlApp(server, typeDefs, resolvers, { tollgate: { client: bench.client }, graphql });
      await expect(start).rejects.toMatchObject({
        code: 'CONFIGURATION',
        field: 'Reports.pages',
        message: expect.stringContaining('fieldResolverEnhancers'),
      });
    },
  );

  describe("per: 'operation'", () => {
    it('charges once for all fields of an operation [nest.6a]', async () => {
      const customerId = await bench.newCustomer('plan-pro');
      const answer = await app.query(customerId, '{ left right again: left }');
      expect(answer).toEqual({ data: { left: 'left', right: 'right', again: 'left' } });
      await eventually(() => reportsOf(customerId)).toBe(1);
      await expect(app.query(customerId, '{ left }')).resolves.toEqual({ data: { left: 'left' } });
      await eventually(() => reportsOf(customerId)).toBe(2);
    });

    it('charges each operation, also of one text that the server has kept, in parallel and in one batch [nest.6a]', async () => {
      const customerId = await bench.newCustomer('plan-pro');
      const kept = '{ right left }';
      for (const _ of [1, 2]) expect((await app.query(customerId, kept)).errors).toBeUndefined();
      await eventually(() => reportsOf(customerId)).toBe(2);
      await Promise.all(Array.from({ length: 10 }, () => app.query(customerId, kept)));
      await eventually(() => reportsOf(customerId)).toBe(12);
      const batch = await (await app.post(customerId, [kept, kept, kept])).json();
      expect(batch).toEqual(Array(3).fill({ data: { right: 'right', left: 'left' } }));
      await eventually(() => reportsOf(customerId)).toBe(15);
    });

    it('charges an operation of which one field succeeds, and none of which all fail [settle.7]', async () => {
      const customerId = await bench.newCustomer('plan-pro');
      const failed = await app.query(customerId, '{ left(fail: true) right(fail: true) }');
      expect(failed.errors).toHaveLength(2);
      // `right` ends first, so each of them is the one that ends last.
      const half = await app.query(customerId, '{ left right(fail: true) }');
      expect(half.data).toEqual({ left: 'left', right: null });
      await eventually(() => reportsOf(customerId)).toBe(1);
      const otherHalf = await app.query(customerId, '{ left(fail: true) right }');
      expect(otherHalf.data).toEqual({ left: null, right: 'right' });
      await eventually(() => reportsOf(customerId)).toBe(2);
      expect((await bench.partOf(customerId, 'feature-reports'))?.held ?? 0n).toBe(0n);
    });

    it('answers every field of a denied operation with the denial [nest.7]', async () => {
      const customerId = await bench.newCustomer('plan-free');
      const three = await app.query(customerId, '{ report(id: 1, weight: 3) { id } }');
      expect(three.errors).toBeUndefined();
      const { data, errors = [] } = await app.query(customerId, '{ left right }');
      expect(data).toEqual({ left: null, right: null });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['quota-exceeded', 'quota-exceeded']);
    });

    it('stands beside what counts per field: a field that is denied does not charge its operation [nest.3]', async () => {
      const customerId = await bench.newCustomer('plan-free');
      const two = await app.query(customerId, '{ one: both two: both }');
      expect(two.data?.one).toBe('feature-projects,feature-reports');
      await eventually(() => bench.usageOf(customerId, 'feature-projects')).toBe(2);
      await eventually(() => reportsOf(customerId)).toBe(1);
      const { errors = [] } = await app.query(customerId, '{ both }');
      expect(errors[0]?.extensions).toMatchObject({ code: 'limit-reached', featureId: 'feature-projects' });
      await eventually(async () => (await bench.partOf(customerId, 'feature-reports'))?.held ?? 0n).toBe(0n);
      expect(await reportsOf(customerId)).toBe(1);
    });
  });

  it('throws what the exception factory makes of the whole decision, and a customer function’s own answer [nest.7]', async () => {
    const own = await startGraphqlApp(server, typeDefs, resolvers, {
      tollgate: {
        client: bench.client,
        customer: (context) => {
          const customerId = graphqlCustomer(context);
          if (customerId === undefined) throw new GraphQLError('sign in first', { extensions: { code: 'SIGN_IN' } });
          return customerId;
        },
        exceptionFactory: ({ reason, customerId }) =>
          new GraphQLError(`${customerId}: ${reason}`, { extensions: { code: 'OWN' } }),
      },
      ...withEnhancers,
    });
    try {
      const customerId = await bench.newCustomer('plan-free');
      const [denied] = (await own.query(customerId, '{ sso }')).errors ?? [];
      expect([denied?.message, denied?.extensions.code]).toEqual([
        `${customerId}: NoFeatureEntitlementInSubscription`,
        'OWN',
      ]);
      const [nobody] = (await own.query(undefined, '{ sso }')).errors ?? [];
      expect([nobody?.message, nobody?.extensions.code]).toEqual(['sign in first', 'SIGN_IN']);
    } finally {
      await own.close();
    }
  });
});
