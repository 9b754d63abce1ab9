import { type ReportUsageInput, type ReportUsageResultWire, TollgateError } from '@tollgate/contract';
import { refusedUsage } from './store-usage.js';
import { readUsageItem, type UsageItem } from './usage/usage-item.js';

const usagesMax = 100;

/** Reads each item, hands the good ones over by customer, and puts the answers back in the order of the questions. */
export async function reportUsage(
  usages: readonly ReportUsageInput[],
  report: (customerId: string, item: UsageItem) => Promise<ReportUsageResultWire>,
): Promise<ReportUsageResultWire[]> {
  if (usages.length < 1 || usages.length > usagesMax) {
    throw new TollgateError('INVALID_ARGUMENT', `usages must have 1 to ${usagesMax} items`, { field: 'usages' });
  }
  return Promise.all(
    usages.map(async (input) => {
      try {
        const item = readUsageItem(input);
        return await report(item.customerId, item);
      } catch (error) {
        return refusedUsage(error);
      }
    }),
  );
}
