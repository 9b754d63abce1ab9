import { jobLimit, monthlyCredits, promptRate, rechargeBelow, rechargeTo } from './credit-history.js';

/*
 * What a history must come to, told by hand from the rules of credits and shared with the engine in nothing: a few lists,
 * and every rule in the words of one who reads it for the first time. Amounts are whole millionths.
 */
export interface ModelGrant {
  /** Null: nobody asked for it by name. */
  id: string | null;
  kind: 'PAID' | 'PROMOTIONAL' | 'RECURRING';
  amount: bigint;
  consumed: bigint;
  priority: number;
  effectiveAt: number;
  expireAt: number | null;
  createdAt: number;
  status: 'SCHEDULED' | 'ACTIVE' | 'EXPIRED' | 'VOIDED';
}

interface ModelReservation {
  id: string;
  state: 'HELD' | 'SETTLED' | 'RELEASED';
  expiresAt: number;
  items: readonly ModelItem[];
}

export interface ModelItem {
  of: 'credits' | 'prompts' | 'jobs';
  amount: bigint;
}

export interface Model {
  isRecurring: boolean;
  isRecharged: boolean;
  /** When the subscription began. */
  began: number;
  /** How many months have begun. */
  months: number;
  grants: ModelGrant[];
  /** What was used and never there. */
  debt: bigint;
  reservations: ModelReservation[];
  usage: { jobs: bigint; prompts: bigint };
  calls: { at: number; behavior: 'DELTA' | 'SET'; value: bigint }[];
  /** All that ever happened to credits. */
  ledger: { granted: bigint; consumed: bigint; expired: bigint; voided: bigint };
}

export function newModel(kind: Pick<Model, 'isRecurring' | 'isRecharged'>, began: number): Model {
  const model: Model = {
    ...kind,
    began,
    months: 0,
    grants: [],
    debt: 0n,
    reservations: [],
    usage: { jobs: 0n, prompts: 0n },
    calls: [],
    ledger: { granted: 0n, consumed: 0n, expired: 0n, voided: 0n },
  };
  passTime(model, began);
  return model;
}

const millionths = (units: number): bigint => BigInt(units) * 1_000_000n;

/** The beginning of the nth month: the day of the month on which all began, or the last one of a shorter month. */
function monthStart(began: number, nth: number): number {
  const first = new Date(began);
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + nth + 1, 0)).getUTCDate();
  const day = Math.min(first.getUTCDate(), days);
  const midnight = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + nth, day);
  return midnight + (began % 86_400_000);
}

/** Time passes: what ends, ends; what was to begin, begins; each month brings its credits, and takes the last one's. */
export function passTime(model: Model, now: number): void {
  for (;;) {
    const month = model.isRecurring ? [monthStart(model.began, model.months)] : [];
    const begins = model.grants.filter(({ status }) => status === 'SCHEDULED').map(({ effectiveAt }) => effectiveAt);
    const ends = model.grants.flatMap(({ status, expireAt }) =>
      status === 'ACTIVE' && expireAt !== null ? [expireAt] : [],
    );
    const at = Math.min(...month, ...begins, ...ends);
    if (at > now) return;
    for (const grant of model.grants.filter(({ status, expireAt }) => status === 'ACTIVE' && expireAt === at)) {
      model.ledger.expired += grant.amount - grant.consumed;
      grant.status = 'EXPIRED';
    }
    const beginning = model.grants.filter(({ status, effectiveAt }) => status === 'SCHEDULED' && effectiveAt === at);
    for (const grant of beginning) begin(model, grant);
    if (month[0] !== at) continue;
    model.months += 1;
    const grant: ModelGrant = {
      id: null,
      kind: 'RECURRING',
      amount: millionths(monthlyCredits),
      consumed: 0n,
      priority: 50,
      effectiveAt: at,
      expireAt: monthStart(model.began, model.months),
      createdAt: at,
      status: 'SCHEDULED',
    };
    model.grants.push(grant);
    begin(model, grant);
  }
}

/** A grant that begins pays what is owed, as far as it goes. */
function begin(model: Model, grant: ModelGrant): void {
  grant.status = 'ACTIVE';
  model.ledger.granted += grant.amount;
  const paid = least(model.debt, grant.amount);
  grant.consumed += paid;
  model.debt -= paid;
}

export function addGrant(model: Model, grant: Omit<ModelGrant, 'status' | 'consumed'>, now: number): void {
  const added: ModelGrant = { ...grant, consumed: 0n, status: 'SCHEDULED' };
  model.grants.push(added);
  if (grant.effectiveAt <= now) begin(model, added);
}

/** Debits that were done together may have left too little: then one grant fills the wallet up, for a month. */
export function rechargeAfter(model: Model, balanceBefore: bigint, now: number): void {
  const { balance } = modelView(model, now);
  if (!model.isRecharged || balance >= balanceBefore || balance >= millionths(rechargeBelow)) return;
  const amount = millionths(rechargeTo) - balance;
  const times = { effectiveAt: now, expireAt: monthStart(now, 1), createdAt: now };
  addGrant(model, { id: null, kind: 'PAID', amount, priority: 50, ...times }, now);
}

/** What is left of a grant is gone, what was used stays used. One that has ended already stays as it is. */
export function voidGrant(model: Model, id: string): void {
  const grant = model.grants.find((one) => one.id === id);
  if (!grant || grant.status === 'EXPIRED' || grant.status === 'VOIDED') return;
  if (grant.status === 'ACTIVE') model.ledger.voided += grant.amount - grant.consumed;
  grant.status = 'VOIDED';
}

/** Lower priority first; then what ends first; then gifts; then what began first; then what was made first. */
function inOrder(a: ModelGrant, b: ModelGrant): number {
  const keys = ({ priority, expireAt, kind, effectiveAt, createdAt }: ModelGrant): number[] => [
    priority,
    expireAt ?? Number.MAX_SAFE_INTEGER,
    kind === 'PROMOTIONAL' ? 0 : 1,
    effectiveAt,
    createdAt,
  ];
  const [left, right] = [keys(a), keys(b)];
  const differing = left.findIndex((key, index) => key !== right[index]);
  return differing < 0 ? 0 : (left[differing] as number) - (right[differing] as number);
}

const active = (model: Model): ModelGrant[] => model.grants.filter(({ status }) => status === 'ACTIVE').sort(inOrder);

/** Credits are used in their order; what is not there is owed. It is never refused. */
export function consume(model: Model, amount: bigint): void {
  model.ledger.consumed += amount;
  let left = amount;
  for (const grant of active(model)) {
    const part = least(left, grant.amount - grant.consumed);
    grant.consumed += part;
    left -= part;
  }
  model.debt += left;
}

/** Credits that come back lessen the debt, then go where the last ones came from; what has no place is dropped. */
function comeBack(model: Model, amount: bigint): void {
  const lessened = least(model.debt, amount);
  model.debt -= lessened;
  let left = amount - lessened;
  for (const grant of active(model).reverse()) {
    const part = least(left, grant.consumed);
    grant.consumed -= part;
    left -= part;
  }
  model.ledger.consumed -= amount - left;
}

export function usePrompts(model: Model, units: bigint): void {
  model.usage.prompts += units;
  const cost = units * BigInt(promptRate);
  if (cost >= 0n) consume(model, cost);
  else comeBack(model, -cost);
}

const heldBy = (model: Model, now: number): ModelReservation[] =>
  model.reservations.filter(({ state, expiresAt }) => state === 'HELD' && expiresAt > now);

const creditsOf = ({ of, amount }: ModelItem): bigint =>
  of === 'credits' ? amount : of === 'prompts' ? amount * BigInt(promptRate) : 0n;
const jobsOf = ({ of, amount }: ModelItem): bigint => (of === 'jobs' ? amount : 0n);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);

/** All of it fits into what neither is used nor held, or nothing is held. Whether it is. */
export function reserve(
  model: Model,
  id: string,
  items: readonly ModelItem[],
  now: number,
  expiresAt: number,
): boolean {
  const { balance, heldCredits, heldJobs } = modelView(model, now);
  const [credits, jobs] = [sum(items.map(creditsOf)), sum(items.map(jobsOf))];
  const fits =
    (credits === 0n || credits <= balance - heldCredits) &&
    (jobs === 0n || model.usage.jobs + heldJobs + jobs <= millionths(jobLimit));
  if (fits) model.reservations.push({ id, state: 'HELD', expiresAt, items });
  return fits;
}

/** Charged once, also after its time was up; what was let go of is not charged any more. */
export function settle(model: Model, id: string, amounts: readonly bigint[]): void {
  const reservation = model.reservations.find((one) => one.id === id);
  if (reservation?.state !== 'HELD') return;
  reservation.state = 'SETTLED';
  for (const [index, { of }] of reservation.items.entries()) {
    const amount = amounts[index] ?? 0n;
    if (of === 'credits') consume(model, amount);
    else if (of === 'prompts') usePrompts(model, amount);
    else model.usage.jobs += amount;
  }
}

export function release(model: Model, id: string): void {
  const reservation = model.reservations.find((one) => one.id === id);
  if (reservation?.state === 'HELD') reservation.state = 'RELEASED';
}

/** The numbers that everybody can see. */
export function modelView(model: Model, now: number) {
  const counted = model.grants.filter(({ status }) => status === 'ACTIVE');
  const totalGranted = sum(counted.map(({ amount }) => amount));
  const totalConsumed = sum(counted.map(({ consumed }) => consumed)) + model.debt;
  const held = heldBy(model, now).flatMap(({ items }) => items);
  return {
    balance: totalGranted - totalConsumed,
    totalGranted,
    totalConsumed,
    heldCredits: sum(held.map(creditsOf)),
    jobs: model.usage.jobs,
    heldJobs: sum(held.map(jobsOf)),
    prompts: model.usage.prompts,
    calls: callsOfDay(model, now),
  };
}

/** A day's calls by when they happened: what is set replaces what was before it that day, what is added adds to it. */
function callsOfDay({ calls }: Model, now: number): bigint {
  const day = Math.floor(now / 86_400_000);
  const ofDay = calls.filter(({ at }) => Math.floor(at / 86_400_000) === day).sort((a, b) => a.at - b.at);
  return ofDay.reduce((value, call) => (call.behavior === 'SET' ? call.value : value + call.value), 0n);
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
