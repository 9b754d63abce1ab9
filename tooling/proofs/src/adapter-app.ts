import { setTimeout as delay } from 'node:timers/promises';
import { formatAmount } from '@tollgate/contract';
import type { SuiteCall, SuiteReply, SuiteRequest, SuiteRoute } from '@tollgate/suites';
import { type AdapterRecord, chargedFailure, type Feature } from './adapter-record.js';

const idOf = ({ headers }: SuiteRequest): string => String(headers['x-attempt']);

/** Routes whose handlers do what each attempt says, and write down what happened. */
export function recordedRoutes(record: AdapterRecord): SuiteRoute[] {
  const handler = async ({ admission, headers, sendPart }: SuiteCall): Promise<SuiteReply> => {
    const id = idOf({ headers });
    const { ends, status, measures, pausesMs } = record.of(id).attempt;
    record.handles(id);
    const measure = async (index: 0 | 1): Promise<void> => {
      await pause(pausesMs[index + 1]);
      const amount = measures[index];
      if (amount === undefined) return;
      admission.measure(formatAmount(amount));
      record.measures(id, amount);
    };
    await measure(0);
    if (ends === 'throws') throw new Error('the handler failed');
    if (ends === 'streams') sendPart('the first piece');
    await measure(1);
    if (ends === 'answers') return { status, body: { status } };
    sendPart('and the last');
    return 'end';
  };
  const route = (method: 'GET' | 'POST', feature: Feature): SuiteRoute => ({
    method,
    path: `/${feature}`,
    entitlement: {
      feature,
      usage: (request) => formatAmount(record.of(idOf(request)).attempt.amount),
      ...(feature === 'calls' && { mode: 'meter' as const }),
      settleBy: (outcome) =>
        outcome.kind === 'finished' && outcome.statusCode === chargedFailure ? 'commit' : undefined,
    },
    handler,
  });
  return [route('POST', 'jobs'), route('GET', 'jobs'), route('POST', 'calls'), route('GET', 'calls')];
}

/** The application's `customer`: it may take its time. */
export function recordedCustomer(record: AdapterRecord, customerId: string) {
  return async (request: SuiteRequest): Promise<string> => {
    const id = idOf(request);
    record.decides(id);
    await pause(record.of(id).attempt.pausesMs[0]);
    return customerId;
  };
}

const pause = async (ms: number | undefined): Promise<void> => {
  if (ms) await delay(ms);
};
