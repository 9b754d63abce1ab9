import { assertCustomerId, type ImportResultWire, type ImportSubscriptionInput } from '@tollgate/contract';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { importRows } from './import-rows.js';
import { changeStanding } from './standing-change.js';
import { type Imported, importRow } from './subscription/imported-row.js';

/** Takes subscriptions over from elsewhere: one transaction and one result per row, in the order given. */
export function importSubscriptions(
  context: EngineContext,
  environmentId: string,
  rows: readonly ImportSubscriptionInput[],
  now: number,
): Promise<ImportResultWire[]> {
  return importRows(context, rows, {
    field: 'subscriptions',
    idOf: (row) => row.subscriptionId ?? row.customerId,
    take: async (row) => {
      const { subscription, outcome } = await importOne(context, environmentId, row, now);
      return { id: subscription.subscriptionId, outcome };
    },
  });
}

async function importOne(
  context: EngineContext,
  environmentId: string,
  row: ImportSubscriptionInput,
  now: number,
): Promise<Imported> {
  assertCustomerId(row.customerId);
  const target = { environmentId, customerIds: [row.customerId], scopes: [] };
  const done = await changeStanding(context, target, now, ([found], moment) => {
    const state = found as CustomerState;
    const { customerId, subscriptions } = state;
    const revision = moment.revisionOf(customerId);
    const imported = importRow(row, { ...moment, customerId, subscriptions, revision });
    const isSame = imported.subscriptions === subscriptions;
    const after = isSame ? state : { ...state, subscriptions: imported.subscriptions };
    // It is paid for where it comes from: importing it collects nothing.
    const billed = [imported.subscription.subscriptionId];
    return { states: [after], events: imported.events, value: imported, billed };
  });
  return done.value;
}
