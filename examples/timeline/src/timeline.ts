import { ScheduleStrategy, SubscriptionCancellationTime, Tollgate } from '@tollgate/client';
import { embedded, testClock } from '@tollgate/server/embedded';
import catalog from './tollgate.catalog.js';

/** One line of the timeline: what was done or came by itself, and what the customer has after it. */
export interface Line {
  at: string;
  happened: string;
  plan: string;
  status: string;
  projects: number;
  sso: boolean;
  /** What is known to come next. */
  ahead: string;
}

const customerId = 'acme';

/** Walks one customer through eleven weeks in a moment: the engine has a clock that only moves when it is told to. */
export async function timeline(): Promise<Line[]> {
  const clock = testClock(Date.parse('2026-01-01T00:00:00Z'));
  const client = Tollgate.initialize({ transport: embedded({ database: 'memory', catalog, clock }) });
  await client.waitForInitialization();
  const lines: Line[] = [];
  const note = async (happened: string) => {
    lines.push(await lineOf(client, clock.now(), happened));
  };
  const moveTo = (instant: string) => clock.set(Date.parse(instant));
  const running = async () => {
    const [subscription] = await client.getActiveSubscriptions({ customerId });
    if (!subscription) throw new Error('no subscription is running');
    return subscription.subscriptionId;
  };

  try {
    await client.provisionCustomer({ customerId, name: 'Acme', subscriptionParams: null });
    await client.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
    await note('starts Pro with its trial');

    moveTo('2026-01-14T23:59:59Z');
    await note('the last second of the trial');
    moveTo('2026-01-15T00:00:00Z');
    await note('the trial has become a paid subscription');

    moveTo('2026-01-20T00:00:00Z');
    const addons = [{ addonId: 'addon-more-projects', quantity: 1 }];
    await client.updateSubscription({ subscriptionId: await running(), addons });
    await note('adds ten projects');

    moveTo('2026-02-01T00:00:00Z');
    await client.provisionSubscription({
      customerId,
      planId: 'plan-starter',
      billingPeriod: 'MONTHLY',
      scheduleStrategy: ScheduleStrategy.EndOfBillingPeriod,
    });
    await note('asks for Starter from the next period on');
    moveTo('2026-02-14T23:59:59Z');
    await note('the last second of the period that is paid');
    moveTo('2026-02-15T00:00:00Z');
    await note('Starter has begun, the add-on is gone');

    moveTo('2026-02-20T00:00:00Z');
    await client.cancelSubscription({
      subscriptionId: await running(),
      subscriptionCancellationTime: SubscriptionCancellationTime.SpecificDate,
      endDate: '2026-03-10T00:00:00Z',
    });
    await note('cancels for March 10');
    moveTo('2026-03-09T23:59:59Z');
    await note('the last second of all');
    moveTo('2026-03-10T00:00:00Z');
    await note('the subscription has ended');
    return lines;
  } finally {
    await client.close();
  }
}

/** What a request handler would see at this instant. */
async function lineOf(client: Tollgate, now: number, happened: string): Promise<Line> {
  // The clock has been moved behind the client's back: this brings its answers, and its idea of the time, up to date.
  await client.reloadEntitlements(customerId);
  const [subscription] = (await client.getSubscriptions({ customerId, limit: 1 })).data;
  if (!subscription) throw new Error('there is no subscription');
  const { planId, status, trialEndDate, cancellationDate, futureUpdates } = subscription;
  const projects = await client.getMeteredEntitlement({ customerId, featureId: 'feature-projects' });
  const sso = await client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });
  const scheduled = futureUpdates.filter(({ scheduleStatus }) => scheduleStatus === 'SCHEDULED');
  const ahead = [
    ...(status === 'IN_TRIAL' && trialEndDate ? [`trial ends ${day(trialEndDate)}`] : []),
    ...scheduled.map(({ type, targetPackage, scheduledExecutionTime }) => {
      return `${type} to ${targetPackage} ${day(scheduledExecutionTime)}`;
    }),
    ...(status === 'ACTIVE' && cancellationDate ? [`ends ${day(cancellationDate)}`] : []),
  ];
  return {
    at: new Date(now).toISOString().slice(0, 19).replace('T', ' '),
    happened,
    plan: planId,
    status,
    projects: projects.usageLimit ?? 0,
    sso: sso.hasAccess,
    ahead: ahead.join(', '),
  };
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
