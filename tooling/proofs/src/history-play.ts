import { isDeepStrictEqual } from 'node:util';
import type { EnvironmentEngine } from '@tollgate/engine';
import { chosen, perform, type Scene } from './history-action.js';
import { brokenCacheRule } from './history-cached.js';
import { firstVersions, historyCatalog, type PlanVersions, planIds } from './history-catalog.js';
import { brokenRule, type Publish, type Sight } from './history-rules.js';
import { type Action, customerIds, resourceIds, type Step } from './history-step.js';
import { creditsOf, eventsOf, listOf, outcomeOf, viewOf, type World } from './history-world.js';

// The last day of a month: what counts from it is clamped in shorter ones.
const start = Date.UTC(2026, 0, 31, 10);
const sweepMax = 1000;
const longWait = 100 * 86_400_000;

interface Remembered {
  versions: PlanVersions;
  publishes: Publish[];
  migrations: Map<string, number[]>;
  revoked: Set<string>;
}

/**
 * Plays one history in every world, in step, and compares what can be seen after each. The first world leads: it is a
 * swept one, in which subscriptions are picked and the rules are checked, because that brings its customers up to the
 * instant, and the others are to be left alone. Throws what does not hold.
 */
export async function playHistory(worlds: readonly [World, ...World[]], steps: readonly Step[]): Promise<void> {
  const [{ environment: lead }] = worlds;
  const memory: Remembered = {
    versions: firstVersions,
    publishes: planIds.map((planId) => ({ planId, version: 1, at: start, isForAll: true })),
    migrations: new Map(),
    revoked: new Set(),
  };
  await inEach(worlds, async ({ environment }) => {
    await environment.applyCatalog(historyCatalog(firstVersions), { dryRun: false }, start);
    for (const customerId of customerIds) await environment.provisionCustomer({ customerId }, start);
  });
  let now = start;
  let sights: Sight[] = [];
  for (const [index, { after, action }] of steps.entries()) {
    const before = now;
    now += after + 1;
    await passTime(worlds, before, now);
    await expectCached(lead, sights, now, memory);
    const { data: subscriptions } = await lead.subscriptions({ filter: null, page: { limit: 100 } }, now);
    const scene: Scene = { now, index, subscriptions, versions: memory.versions };
    const outcomes = await inEach(worlds, ({ environment }) => outcomeOf(() => perform(environment, action, scene)));
    expectSame(worlds, outcomes, `step ${index}, ${action.do}`);
    if (isDone(outcomes[0])) remember(memory, action, scene);
    expectSame(worlds, await inEach(worlds, (world) => viewOf(world, now)), `what is seen after step ${index}`);
    sights = await expectRules(lead, now, memory, index);
  }
  now += longWait;
  await passTime(worlds, now - longWait, now);
  expectSame(worlds, await inEach(worlds, (world) => viewOf(world, now)), 'what is seen at the end');
  await expectRules(lead, now, memory, steps.length);
  expectSame(worlds, await inEach(worlds, (world) => listOf(world, now)), 'the subscriptions at the end');
  expectSame(worlds, await inEach(worlds, (world) => creditsOf(world, now)), 'credits at the end');
  const unexplained = await inEach(worlds, ({ environment }) => environment.verify(now));
  const [first] = unexplained.flat();
  if (first)
    throw new Error(`${first.name} of ${first.customerId} is ${first.stored}, and ${first.computed} by the ledger`);
  // What nobody looked after is told late, and tells the same.
  await inEach(worlds, ({ environment }) => environment.sweep(now, sweepMax));
  expectSame(worlds, await inEach(worlds, eventsOf), 'what was told');
}

async function passTime(worlds: readonly World[], before: number, now: number): Promise<void> {
  const instants = [1, 2, 3, 4].map((quarter) => before + Math.floor(((now - before) * quarter) / 4));
  await inEach(worlds, async ({ environment, isSwept }) => {
    if (!isSwept) return;
    for (const instant of new Set(instants)) await environment.sweep(instant, sweepMax);
  });
}

/** Databases work at the same time, the worlds of one of them one after the other. */
async function inEach<T>(worlds: readonly World[], work: (world: World) => Promise<T>): Promise<T[]> {
  const done = new Map<World, T>();
  const databases = [...new Set(worlds.map(({ database }) => database))];
  await Promise.all(
    databases.map(async (database) => {
      for (const world of worlds) if (world.database === database) done.set(world, await work(world));
    }),
  );
  return worlds.map((world) => done.get(world) as T);
}

function expectSame(worlds: readonly World[], found: readonly unknown[], what: string): void {
  found.forEach((each, index) => {
    if (isDeepStrictEqual(each, found[0])) return;
    const [path, left, right] = firstDifference(found[0], each, '');
    const names = `${worlds[0]?.name} and ${worlds[index]?.name}`;
    throw new Error(`${what}: ${names} differ at ${path}: ${JSON.stringify(left)} and ${JSON.stringify(right)}`);
  });
}

function firstDifference(a: unknown, b: unknown, path: string): [path: string, a: unknown, b: unknown] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return [path, a, b];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!isDeepStrictEqual(left[key], right[key])) return firstDifference(left[key], right[key], `${path}.${key}`);
  }
  return [path, a, b];
}

const isDone = (outcome: unknown): boolean => typeof outcome === 'object' && outcome !== null && 'done' in outcome;

function remember(memory: Remembered, action: Action, scene: Scene): void {
  const subscriptionId = 'nth' in action ? chosen(action.nth, scene)?.subscriptionId : undefined;
  if (action.do === 'publish') {
    const version = memory.versions[action.planId] + 1;
    memory.versions = { ...memory.versions, [action.planId]: version };
    memory.publishes.push({ planId: action.planId, version, at: scene.now, isForAll: action.isForAll });
  } else if (subscriptionId !== undefined && action.do === 'migrate') {
    // Without billing periods there is no end to wait for; with one, the update that is done then tells its instant.
    memory.migrations.set(subscriptionId, [...(memory.migrations.get(subscriptionId) ?? []), scene.now]);
  } else if (subscriptionId !== undefined && action.do === 'cancel' && action.revokes) {
    memory.revoked.add(subscriptionId);
  }
}

async function expectRules(lead: EnvironmentEngine, now: number, memory: Remembered, index: number): Promise<Sight[]> {
  const sights: Sight[] = [];
  for (const customerId of customerIds) {
    const sight = await sightOf(lead, customerId, now);
    const broken = brokenRule(sight, memory);
    if (broken) throw new Error(`after step ${index}, ${customerId}: ${broken}`);
    sights.push(sight);
  }
  return sights;
}

/** What a cache kept from the step before, against what the engine says before anything else is asked for. */
async function expectCached(
  lead: EnvironmentEngine,
  earlier: readonly Sight[],
  now: number,
  memory: Remembered,
): Promise<void> {
  for (const [index, customerId] of customerIds.entries()) {
    const cached = earlier[index];
    const broken = cached && brokenCacheRule(cached, await sightOf(lead, customerId, now), memory);
    if (broken) throw new Error(`at ${new Date(now).toISOString()}, ${customerId}: ${broken}`);
  }
}

async function sightOf(lead: EnvironmentEngine, customerId: string, now: number): Promise<Sight> {
  const { data: subscriptions } = await lead.subscriptions({ filter: { customerId }, page: { limit: 100 } }, now);
  const snapshots = await lead.snapshots(customerId, [null, ...resourceIds], now);
  // Of an archived customer nothing is granted.
  const isArchived = snapshots.some(({ grants }) => grants.isCustomerArchived);
  const promotions = isArchived ? [] : await lead.promotionalEntitlements(customerId, now);
  return { now, subscriptions, promotions, snapshots, isArchived };
}
