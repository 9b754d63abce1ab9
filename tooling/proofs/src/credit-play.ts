import { formatAmount, type HotOperationInput, parseAmount, type ReportUsageInput } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { type CreditHistory, type Hour, type Message, rechargeBelow, rechargeTo, type Turn } from './credit-history.js';
import {
  addGrant,
  consume,
  type Model,
  modelView,
  newModel,
  passTime,
  rechargeAfter,
  release,
  reserve,
  settle,
  usePrompts,
  voidGrant,
} from './credit-model.js';
import type { Played } from './credit-stored.js';
import { outcomeOf } from './history-world.js';
import { expectSame } from './until.js';

const hourMs = 3_600_000;
/** The last day of a month that is longer than the next one. */
const began = Date.UTC(2026, 0, 31, 10);
/** Nothing begins or ends within an hour: what happens does so by this time of it. */
const withinHourMs = 50 * 60_000;
/** The engine takes nothing that is dated earlier than 35 days ago. */
const latestMs = 30 * 24 * hourMs;

/** One call to the engine, which can be made again. */
interface Call {
  /** Decides the order among others that arrive with it. */
  rank: number;
  /** In how many later hours it is repeated. */
  repeats: readonly number[];
  /** Numbers travel together in one transaction; what is done to a grant has one of its own. */
  isNumber: boolean;
  make(now: number): Promise<unknown>;
}

/** A customer's history in the engine, and the same in the model: there each message comes once, and in its order. */
interface Play {
  environment: EnvironmentEngine;
  customerId: string;
  model: Model;
  grantIds: string[];
  /** Those that were held. */
  reservations: { id: string; amounts: bigint[] }[];
}

/**
 * Plays a history for a new customer. Messages arrive late, more than once and in another order than in the model; in the
 * end all are sent once more. Throws when what the engine shows differs from the model.
 */
export async function playCredits(
  environment: EnvironmentEngine,
  customerId: string,
  { isRecurring, isRecharged, hours }: CreditHistory,
): Promise<Played> {
  const planId = isRecurring ? 'monthly' : 'plain';
  const billingInfo = { paymentMethodId: 'card' };
  await environment.provisionCustomer({ customerId, billingInfo, subscriptionParams: { planId } }, began);
  if (isRecharged) {
    const bounds = { thresholdValue: String(rechargeBelow), targetBalance: String(rechargeTo) };
    const wallet = { customerId, currencyId: 'credits' };
    await environment.saveAutomaticRecharge({ ...wallet, isEnabled: true, ...bounds }, began);
  }
  const model = newModel({ isRecurring, isRecharged }, began);
  const play: Play = { environment, customerId, model, grantIds: [], reservations: [] };
  const arriving: Call[][] = hours.map(() => []);
  const everything: Call[] = [];
  const starts = hours.map((_hour, index) =>
    hours.slice(0, index + 1).reduce((at, { after }) => at + after * hourMs, began),
  );
  const last = (starts.at(-1) ?? began) + withinHourMs;
  /** The hour in which something arrives so many hours late: no later than it would still be taken. */
  const arrivalOf = (index: number, lateBy: number): number => {
    const isInTime = (other: number): boolean => (starts[other] ?? last) - (starts[index] ?? 0) < latestMs;
    const wanted = Math.min(index + lateBy, hours.length - 1);
    return isInTime(wanted) ? wanted : index;
  };
  for (const [index, hour] of hours.entries()) {
    const start = starts[index] ?? last;
    const now = start + withinHourMs;
    passTime(model, now);
    const balance = (): bigint => modelView(model, now).balance;
    const before = balance();
    const turn = await makeTurn(play, hour, { name: `${customerId}-${index}`, now });
    // Only what is used up is filled up, not what is taken away.
    if (hour.turn.do === 'settle') rechargeAfter(model, before, now);
    const between = balance();
    const messages = hour.messages.map((message, nth) =>
      messageCall(play, message, { name: `${customerId}-${index}-${nth}`, at: start + nth * 1000 }),
    );
    rechargeAfter(model, between, now);
    messages.forEach((call, nth) => {
      const message = hour.messages[nth];
      arriving[arrivalOf(index, message?.do === 'call' ? message.lateBy : 0)]?.push(call);
    });
    for (const call of [...turn, ...messages]) {
      for (const by of call.repeats) arriving[arrivalOf(index, by)]?.push(call);
    }
    everything.push(...turn, ...messages);
    await makeTogether(arriving[index] ?? [], now);
  }
  const numbers = everything.filter(({ isNumber }) => isNumber);
  await makeTogether(numbers, last);
  expectSame(await seen(play, last), modelView(model, last), `what ${customerId} has once everything came again`);
  // Nothing else brings up a customer to whom nothing happens.
  if (numbers.length === 0) await environment.creditGrants({ filter: { customerId }, page: {} }, last);
  return { customerId, model, end: last };
}

/** Everything that is done to grants one by one, then all numbers at once: those travel in one transaction. */
async function makeTogether(calls: readonly Call[], now: number): Promise<void> {
  const inOrder = [...calls].sort((a, b) => a.rank - b.rank);
  for (const call of inOrder.filter(({ isNumber }) => !isNumber)) await call.make(now);
  await Promise.all(inOrder.filter(({ isNumber }) => isNumber).map((call) => call.make(now)));
}

/** Makes the turn of an hour in the engine and in the model. Returns what may be repeated of it. */
async function makeTurn(play: Play, hour: Hour, { name, now }: Named): Promise<Call[]> {
  const { environment, customerId, model, grantIds, reservations } = play;
  const again = (make: Call['make'], isNumber: boolean): Call[] => [{ rank: 0, repeats: hour.repeats, isNumber, make }];
  const number =
    (operation: HotOperationInput): Call['make'] =>
    (at) =>
      environment.hot(operation, at);
  const { turn } = hour;
  switch (turn.do) {
    case 'wait':
      return [];
    case 'grant':
      return again(await makeGrant(play, turn, { name, now }), false);
    case 'void': {
      const id = grantIds[turn.nth % Math.max(grantIds.length, 1)];
      if (id === undefined) return [];
      const make: Call['make'] = (at) => outcomeOf(() => environment.voidCreditGrant(id, at));
      await make(now);
      voidGrant(model, id);
      return again(make, false);
    }
    case 'reserve': {
      const make = await makeReservation(play, turn, { name, now });
      return make ? again(make, true) : [];
    }
    case 'settle': {
      const held = reservations[turn.nth % Math.max(reservations.length, 1)];
      if (!held) return [];
      const shares = { nothing: [0n, 1n], half: [1n, 2n], all: [1n, 1n], more: [3n, 2n] } as const;
      const [times, by] = shares[turn.share];
      const charged = held.amounts.map((amount) => (amount * times) / by);
      const amounts = charged.map((amount, item) => ({ item, amount: formatAmount(amount) }));
      const make = number({ settle: { customerId, reservationId: held.id, amounts } });
      await make(now);
      settle(model, held.id, charged);
      return again(make, true);
    }
    case 'release': {
      const held = reservations[turn.nth % Math.max(reservations.length, 1)];
      if (!held) return [];
      const make = number({ release: { customerId, reservationId: held.id } });
      await make(now);
      release(model, held.id);
      return again(make, true);
    }
    case 'give back': {
      const report = {
        customerId,
        featureId: 'prompts',
        value: String(-turn.amount),
        updateBehavior: 'DELTA' as const,
      };
      const make = reported(environment, {
        ...report,
        idempotencyKey: name,
        createdAt: iso(now),
        isCreatedAtFilledIn: false,
      });
      await make(now);
      usePrompts(model, -exact(turn.amount));
      return again(make, true);
    }
  }
}

type Named = { name: string; now: number };

async function makeGrant(
  { environment, customerId, model, grantIds }: Play,
  turn: Extract<Turn, { do: 'grant' }>,
  { name, now }: Named,
): Promise<Call['make']> {
  const hourly = now - withinHourMs;
  const starts = turn.startsIn === null ? now : hourly + turn.startsIn * hourMs;
  const ends = turn.lasts === null ? null : (turn.startsIn === null ? hourly : starts) + turn.lasts * hourMs;
  const kind = turn.isPaid ? 'PAID' : 'PROMOTIONAL';
  const times = { effectiveAt: starts, expireAt: ends };
  const { priority } = turn;
  const input = {
    customerId,
    grantId: name,
    currencyId: 'credits',
    displayName: name,
    grantType: kind,
    priority,
  } as const;
  const effectiveAt = turn.startsIn === null ? null : iso(starts);
  const make: Call['make'] = (at) =>
    outcomeOf(() =>
      environment.grantCredits(
        { ...input, amount: String(turn.amount), effectiveAt, expireAt: ends === null ? null : iso(ends) },
        at,
      ),
    );
  await make(now);
  grantIds.push(name);
  addGrant(model, { id: name, kind, amount: exact(turn.amount), priority, createdAt: now, ...times }, now);
  return make;
}

/** Undefined where it is refused. */
async function makeReservation(
  { environment, customerId, model, reservations }: Play,
  turn: Extract<Turn, { do: 'reserve' }>,
  { name, now }: Named,
): Promise<Call['make'] | undefined> {
  const items = turn.items.map(({ of, amount }) => ({ of, amount: exact(amount) }));
  const asked = items.map(({ of, amount }) => ({
    ...(of === 'credits' ? { currencyId: of } : { featureId: of }),
    amount: formatAmount(amount),
  }));
  const reserveAll = { customerId, reservationId: name, items: asked, ttlMs: turn.hours * hourMs };
  const { reservation } = await environment.hot({ reserve: reserveAll }, now);
  const isHeld = reserve(model, name, items, now, now + turn.hours * hourMs);
  expectSame(reservation?.status, isHeld ? 'HELD' : 'DENIED', `reservation ${name}`);
  // One that was refused is another question when it is asked again.
  if (!isHeld) return undefined;
  reservations.push({ id: name, amounts: items.map(({ amount }) => amount) });
  return (at) => environment.hot({ reserve: reserveAll }, at);
}

/** A message that has come to the model and is yet to come to the engine. */
function messageCall(
  { environment, customerId, model }: Play,
  message: Message,
  { name, at }: { name: string; at: number },
): Call {
  const { rank, repeats } = message;
  const keyed = { customerId, idempotencyKey: name, createdAt: iso(at), isCreatedAtFilledIn: false };
  if (message.do === 'consume') {
    consume(model, exact(message.amount));
    const consumeCredits = { ...keyed, currencyId: 'credits', amount: String(message.amount) };
    return { rank, repeats, isNumber: true, make: (now) => accepted(environment, { consumeCredits }, now) };
  }
  const report = { ...keyed, featureId: message.do === 'prompt' ? 'prompts' : 'calls' };
  if (message.do === 'prompt') {
    usePrompts(model, exact(message.amount));
    const make = reported(environment, { ...report, value: String(message.amount), updateBehavior: 'DELTA' });
    return { rank, repeats, isNumber: true, make };
  }
  const { behavior: updateBehavior, value } = message;
  model.calls.push({ at, behavior: updateBehavior, value: exact(value) });
  return {
    rank,
    repeats,
    isNumber: true,
    make: reported(environment, { ...report, value: String(value), updateBehavior }),
  };
}

const reported =
  (environment: EnvironmentEngine, reportUsage: ReportUsageInput): Call['make'] =>
  (now) =>
    accepted(environment, { reportUsage }, now);

/** A report or a consumption is never refused, but for one that comes again when nobody remembers it any more. */
async function accepted(environment: EnvironmentEngine, operation: HotOperationInput, now: number): Promise<void> {
  const { error } = await environment.hot(operation, now);
  if (error && error.code !== 'TOO_OLD') throw new Error(`refused: ${JSON.stringify({ operation, error })}`);
}

/** What everybody can see, as the engine shows it. */
async function seen({ environment, customerId }: Play, now: number): Promise<ReturnType<typeof modelView>> {
  const [snapshot] = await environment.snapshots(customerId, [null], now);
  const wallet = snapshot?.wallets.get('credits');
  const counter = (featureId: string) => snapshot?.usage.get(featureId);
  return {
    balance: wallet?.balance ?? 0n,
    totalGranted: wallet?.totalGranted ?? 0n,
    totalConsumed: wallet?.totalConsumed ?? 0n,
    heldCredits: wallet?.held ?? 0n,
    jobs: counter('jobs')?.currentUsage ?? 0n,
    heldJobs: counter('jobs')?.held ?? 0n,
    prompts: counter('prompts')?.currentUsage ?? 0n,
    calls: counter('calls')?.currentUsage ?? 0n,
  };
}

const exact = (units: number): bigint => parseAmount(units, 'amount');
const iso = (instant: number): string => new Date(instant).toISOString();
