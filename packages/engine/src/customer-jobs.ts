import { TollgateError } from '@tollgate/contract';
import { applyCustomerEvents } from './apply-events.js';
import type { BookParts } from './book-parts.js';
import { consumptionJob } from './consumption-job.js';
import { openCustomerBook } from './customer-book.js';
import { type CustomerChange } from './customer-change.js';
import {
  answerOf,
  type CustomerJob,
  type HotAnswer,
  type JobKind,
  type JobNeeds,
  type JobSight,
  refusedJob,
} from './customer-job.js';
import { customerScopes } from './customer-scopes.js';
import { underLock } from './customer-turn.js';
import type { EngineContext } from './engine-context.js';
import { reportJob } from './report-job.js';
import { reservedWindows } from './reservation-answer.js';
import { reserveJob } from './reserve-job.js';
import { extendJob, releaseJob, settleJob } from './settle-job.js';
import { standingBefore } from './standing.js';
import { readReservations, readReservationsOfRequests } from './storage/hold-store.js';
import { isKeyTakenMeanwhile, readKeys } from './storage/idempotency-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { reservationFromStored } from './stored-reservations.js';
import { type Reservation, resourcesOf } from './usage/reservation.js';

const kinds: { [Kind in CustomerJob['kind']]: JobKind<Extract<CustomerJob, { kind: Kind }>['item']> } = {
  report: reportJob,
  consume: consumptionJob,
  reserve: reserveJob,
  settle: settleJob,
  release: releaseJob,
  extend: extendJob,
};

const kindOf = ({ kind }: CustomerJob): JobKind<unknown> => kinds[kind] as JobKind<unknown>;

/**
 * Does jobs of one customer in one transaction, in their order, each with its own outcome. Rejects only when the
 * transaction as a whole failed. What was accepted for the customer before is applied first: a debit or a hold must see it.
 */
export async function runCustomerJobs(
  context: EngineContext,
  key: CustomerKey,
  jobs: readonly CustomerJob[],
  now: number,
): Promise<HotAnswer[]> {
  const seesBacklog = jobs.some(({ kind }) => kind !== 'report' && kind !== 'release' && kind !== 'extend');
  const run = (isBacklogFirst: boolean) =>
    underLock(context, key, now, async (change, { hasBacklog }) =>
      isBacklogFirst && hasBacklog ? 'backlog' : runUnderLock(change, jobs),
    );
  let answers = await repeatedly(() => run(seesBacklog));
  if (answers === 'backlog') {
    await applyCustomerEvents(context, key, now);
    // Once: what was accepted since came after these jobs.
    answers = await repeatedly(() => run(false));
  }
  if (Array.isArray(answers)) return answers;
  const message = `there is no customer ${key.customerId}`;
  const error = new TollgateError('CUSTOMER_NOT_FOUND', message, { field: 'customerId' });
  return jobs.map(() => refusedJob(error));
}

/** What was accepted under the same key at the same moment is seen by the next try. */
async function repeatedly<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isKeyTakenMeanwhile(error)) throw error;
    }
  }
}

async function runUnderLock(change: CustomerChange, jobs: readonly CustomerJob[]): Promise<HotAnswer[]> {
  const { context, tx, key, now } = change;
  const needs = needsOf(jobs);
  const keys = await readKeys(tx, key.environmentId, needs.keys, now);
  const reservations = await reservationsFor(change, needs);
  const standing = await standingBefore(change, [...needs.resourceIds, ...reservations.flatMap(resourcesOf)]);
  const scopes = customerScopes(standing, now);
  const reservation = (id: string) => reservations.find(({ reservationId }) => reservationId === id);
  const sight: JobSight = {
    now,
    earliest: now - context.idempotencyWindowMs,
    catalog: standing.catalog,
    scopes,
    remembered: (operation, one) => keys.find((row) => row.operation === operation && row.key === one),
    reservation,
    reservedWindows: (id) => {
      const known = reservation(id);
      return known ? reservedWindows(known, scopes) : [];
    },
  };
  const looks = jobs.map((job) => kindOf(job).windows(job.item, sight));
  const book = await openCustomerBook(change, {
    standing,
    scopes,
    keys,
    reservations,
    windows: looks.flatMap(({ windows }) => windows),
    since: Math.min(now, ...looks.map(({ since }) => since ?? now)),
  });
  const done: ((parts: BookParts) => HotAnswer)[] = [];
  // One after the other: each sees what those before it did.
  for (const job of jobs) {
    try {
      const answer = await kindOf(job).run(job.item, book);
      done.push((parts) => answerOf(answer(parts)));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      done.push(() => refusedJob(error));
    }
  }
  const parts = await book.save();
  return done.map((answer) => answer(parts));
}

/** What is asked about, with everything else that is of the same requests. */
async function reservationsFor(
  { tx, key }: CustomerChange,
  { reservationIds, requestKeys }: Pick<JobNeeds, 'reservationIds' | 'requestKeys'>,
): Promise<Reservation[]> {
  const asked = await readReservations(tx, key, reservationIds);
  const keys = new Set([...requestKeys, ...asked.flatMap(({ requestKey }) => requestKey ?? [])]);
  const related = await readReservationsOfRequests(tx, key, [...keys]);
  const rows = new Map([...asked, ...related].map((row) => [row.reservationId, row]));
  return [...rows.values()].map(reservationFromStored);
}

function needsOf(jobs: readonly CustomerJob[]): JobNeeds {
  const each = jobs.map((job) => kindOf(job).needs(job.item));
  return {
    keys: each.flatMap(({ keys = [] }) => keys),
    reservationIds: [...new Set(each.flatMap(({ reservationIds = [] }) => reservationIds))],
    requestKeys: each.flatMap(({ requestKeys = [] }) => requestKeys),
    resourceIds: each.flatMap(({ resourceIds = [] }) => resourceIds),
  };
}

/** What is wrong with the job itself; anything else is wrong with the transaction. */
function isRefusal(error: unknown): boolean {
  return error instanceof TollgateError && !error.isRetryable;
}
