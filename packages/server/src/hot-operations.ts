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

/** In all, a reply takes at most so many times the patience, and at most so long. */
const patiencesMax = 5;
const replyMsMax = 5_000;

/**
 * Runs operations together. The reply waits while they get done: when none has been for `patienceMs`, what is left is
 * answered as running, and goes on.
 */
export async function hotOperations(
  engine: EnvironmentEngine,
  operations: readonly HotOperationInput[],
  { now, patienceMs, unanswered }: { now: number; patienceMs: number; unanswered: UnansweredOperations },
): Promise<HotOperationResultWire[]> {
  const keys = operations.map((operation) => JSON.stringify([engine.environmentId, operation]));
  const runs = operations.map(
    (operation, index) => takeOver(unanswered, keys[index] as string) ?? run(engine, operation, now),
  );
  const answers = await inTime(runs, patienceMs);
  return keys.map((key, index) => {
    const answer = answers[index];
    if (answer) return { ...answer, isRunning: false };
    keep(unanswered, key, runs[index] as Promise<Answer>);
    return running;
  });
}

/** The answers that are there when all are, or when none came for a while. Rejects when one of them does. */
function inTime(runs: readonly Promise<Answer>[], patienceMs: number): Promise<(Answer | undefined)[]> {
  const answers: (Answer | undefined)[] = runs.map(() => undefined);
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(idle);
      clearTimeout(late);
      resolve(answers);
    };
    let left = runs.length;
    const idle = setTimeout(end, patienceMs);
    const late = setTimeout(end, Math.min(patienceMs * patiencesMax, replyMsMax));
    runs.forEach((each, index) => {
      each.then(
        (answer) => {
          answers[index] = answer;
          left -= 1;
          if (left === 0) return end();
          idle.refresh();
        },
        (error: unknown) => {
          clearTimeout(idle);
          clearTimeout(late);
          reject(error);
        },
      );
    });
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
