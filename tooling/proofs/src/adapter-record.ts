import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Amount, formatAmount } from '@tollgate/contract';
import { type Attempt, nameOf } from './adapter-request.js';

export type Feature = Attempt['feature'];

/** What the application saw of one attempt, whatever the adapter made of it. */
export interface Seen {
  attempt: Attempt;
  isHandled: boolean;
  measured: Amount | undefined;
  /** Undefined while it goes on. */
  ended: { status: number } | 'aborted' | undefined;
}

/**
 * The test's own record of outcomes, kept on the server: by the handlers, and by Node's own word on how each response
 * ended. Nothing in it comes from an adapter.
 */
export interface AdapterRecord {
  /** Under this id it will come as `x-attempt`. */
  expect(id: string, attempt: Attempt): void;
  of(id: string): Seen;
  /** The application is asked who pays. */
  decides(id: string): void;
  /** The handler is reached. Throws when what is inside by then goes past the limit. */
  handles(id: string): void;
  measures(id: string, amount: Amount): void;
  /** Calls back when the attempt has come so far. */
  onceSo(id: string, step: 'decided' | 'handled', listener: () => void): void;
  /** How many attempts are still inside a server. */
  underWay(): number;
  /** What is to be charged in the end, by the table of outcomes. */
  charged(feature: Feature): Amount;
  all(): readonly Seen[];
  /** What went past the limit. */
  failures: readonly string[];
  close(): void;
}

interface Started {
  request: IncomingMessage;
  response: ServerResponse;
}

export function openRecord(limit: Amount): AdapterRecord {
  const attempts = new Map<string, Seen>();
  const steps = new EventEmitter();
  steps.setMaxListeners(0);
  const failures: string[] = [];
  const charged = { jobs: 0n, calls: 0n };
  const inside = { jobs: 0n, calls: 0n };
  let underWay = 0;

  const of = (id: string): Seen => {
    const seen = attempts.get(id);
    if (!seen) throw new Error(`nobody sent ${id}`);
    return seen;
  };
  const end = (seen: Seen, response: ServerResponse): void => {
    if (seen.ended) return;
    const { feature } = seen.attempt;
    underWay -= 1;
    seen.ended = response.writableEnded ? { status: response.statusCode } : 'aborted';
    if (seen.isHandled) inside[feature] -= takenBy(seen.attempt, feature === 'calls' ? seen.measured : undefined);
    charged[feature] += chargeFor(seen);
  };
  const onStart = (message: unknown): void => {
    const { request, response } = message as Started;
    const seen = attempts.get(String(request.headers['x-attempt']));
    if (!seen) return;
    underWay += 1;
    response.once('finish', () => end(seen, response));
    response.once('close', () => end(seen, response));
  };
  subscribe('http.server.request.start', onStart);

  return {
    expect: (id, attempt) =>
      void attempts.set(id, { attempt, isHandled: false, measured: undefined, ended: undefined }),
    of,
    decides: (id) => void steps.emit(`${id} decided`),
    handles(id) {
      const seen = of(id);
      const { feature } = seen.attempt;
      if (!seen.ended) {
        seen.isHandled = true;
        inside[feature] += takenBy(seen.attempt);
      }
      const total = charged[feature] + inside[feature];
      if (total > limit)
        failures.push(`with ${id}, a ${nameOf(seen.attempt)}, ${formatAmount(total)} ${feature} were let in`);
      steps.emit(`${id} handled`);
    },
    measures(id, amount) {
      const seen = of(id);
      if (seen.ended) return;
      // What is metered has room again as soon as less is measured; what is reserved stays held to the end.
      if (seen.attempt.feature === 'calls')
        inside.calls += takenBy(seen.attempt, amount) - takenBy(seen.attempt, seen.measured);
      seen.measured = amount;
    },
    onceSo: (id, step, listener) => void steps.once(`${id} ${step}`, listener),
    underWay: () => underWay,
    charged: (feature) => charged[feature],
    all: () => [...attempts.values()],
    failures,
    close: () => void unsubscribe('http.server.request.start', onStart),
  };
}

/** HEAD is checked and takes nothing. */
const takenBy = ({ method, amount }: Attempt, measured?: Amount): Amount =>
  method === 'HEAD' ? 0n : (measured ?? amount);

/** The table of outcomes, written down once more: the proof must not believe the gate's own. */
function chargeFor({ attempt, isHandled, measured, ended }: Seen): Amount {
  if (attempt.method === 'HEAD' || !isHandled || !ended) return 0n;
  if (ended === 'aborted') return measured ?? 0n;
  const isCharged = ended.status < 400 || ended.status === chargedFailure;
  return isCharged ? (measured ?? attempt.amount) : 0n;
}

/** The one failure that the routes charge for, by their `settleBy`. */
export const chargedFailure = 422;
