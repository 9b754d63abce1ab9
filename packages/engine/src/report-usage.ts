import {
  type HotOperationInput,
  type ReportUsageInput,
  type ReportUsageResultWire,
  TollgateError,
} from '@tollgate/contract';
import { type CustomerJob, type HotAnswer, readHotOperation, refusedJob } from './customer-job.js';

const usagesMax = 100;

/** Reads each item, hands the good ones over by customer, and puts the answers back in the order of the questions. */
export async function reportUsage(
  usages: readonly ReportUsageInput[],
  run: (customerId: string, job: CustomerJob) => Promise<HotAnswer>,
): Promise<ReportUsageResultWire[]> {
  if (usages.length < 1 || usages.length > usagesMax) {
    throw new TollgateError('INVALID_ARGUMENT', `usages must have 1 to ${usagesMax} items`, { field: 'usages' });
  }
  return Promise.all(
    usages.map(async (reported) => {
      const { usage: ack, error } = await runHotOperation({ reportUsage: reported }, run);
      return { ack, error };
    }),
  );
}

/** Reads one operation and hands it over; whatever is wrong with it is said in its answer. */
export async function runHotOperation(
  input: HotOperationInput,
  run: (customerId: string, job: CustomerJob) => Promise<HotAnswer>,
): Promise<HotAnswer> {
  try {
    const job = readHotOperation(input);
    return await run(job.item.customerId, job);
  } catch (error) {
    return refusedJob(error);
  }
}
