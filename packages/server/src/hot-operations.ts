import type { HotOperationInput, HotOperationResultWire } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';

type Answer = Omit<HotOperationResultWire, 'isRunning'>;

/**
 * Operations that were answered as running and not asked for again yet, by environment and content. Whoever asks again
 * takes the run over, so that two calls with one key are two calls: the engine tells the second that it is a repetition.
 */
export type UnansweredOperations = Map<string, Promise<Answer>[]>;

/** How long a finished answer waits for its caller. After that the engine answers, as for any repetition. */
const keptMs = 30_000;

const nothing: Answer = { error: null, usage: null, consumption: null, reservation: null };
const running: HotOperationResultWire = { ...nothing, isRunning: true };

/** Runs operations together; what is not done after `patienceMs` is answered as running, and goes on. */
export async function hotOperations(
  engine: EnvironmentEngine,
  operations: readonly HotOperationInput[],
  { now, patienceMs, unanswered }: { now: number; patienceMs: number; unanswered: UnansweredOperations },
): Promise<HotOperationResultWire[]> {
  const keys = operations.map((operation) => JSON.stringify([engine.environmentId, operation]));
  const runs = operations.map(
    (operation, index) => takeOver(unanswered, keys[index] as string) ?? run(engine, operation, now),
  );
  const answers: (Answer | undefined)[] = operations.map(() => undefined);
  const all = Promise.all(
    runs.map(async (each, index) => {
      answers[index] = await each;
    }),
  );
  await orAfter(all, patienceMs);
  return keys.map((key, index) => {
    const answer = answers[index];
    if (answer) return { ...answer, isRunning: false };
    keep(unanswered, key, runs[index] as Promise<Answer>);
    return running;
  });
}

async function run(engine: EnvironmentEngine, operation: HotOperationInput, now: number): Promise<Answer> {
  if (operation.reportUsage && !operation.reportUsage.idempotencyKey) {
    const field = 'idempotencyKey';
    const message = `${field} is required here: an answer that comes late is asked for by it`;
    return { ...nothing, error: { code: 'INVALID_ARGUMENT', message, field, isRetryable: false } };
  }
  return engine.hot(operation, now);
}

function takeOver(unanswered: UnansweredOperations, key: string): Promise<Answer> | undefined {
  const runs = unanswered.get(key);
  const first = runs?.shift();
  if (runs?.length === 0) unanswered.delete(key);
  return first;
}

function keep(unanswered: UnansweredOperations, key: string, run: Promise<Answer>): void {
  unanswered.set(key, [...(unanswered.get(key) ?? []), run]);
  const forget = (): void => {
    const left = unanswered.get(key)?.filter((each) => each !== run) ?? [];
    if (left.length === 0) unanswered.delete(key);
    else unanswered.set(key, left);
  };
  const forgetLater = (): void => {
    setTimeout(forget, keptMs).unref();
  };
  run.then(forgetLater, forgetLater);
}

async function orAfter(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
