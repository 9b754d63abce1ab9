import { assertCustomerId, fromIso, type ImportCustomerInput, type ImportResultWire } from '@tollgate/contract';
import { type Customer, changedCustomer, newCustomer } from './customer/customer.js';
import { customerEvents } from './customer/customer-events.js';
import { readCustomerFields } from './customer/customer-input.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { importRows } from './import-rows.js';
import { changeStanding } from './standing-change.js';

/** Takes customers over from elsewhere: one transaction and one result per row, in the order given. */
export function importCustomers(
  context: EngineContext,
  environmentId: string,
  rows: readonly ImportCustomerInput[],
  now: number,
): Promise<ImportResultWire[]> {
  return importRows(context, rows, {
    field: 'customers',
    idOf: ({ customerId }) => customerId,
    take: async (row) => ({ id: row.customerId, outcome: await importOne(context, environmentId, row, now) }),
  });
}

async function importOne(
  context: EngineContext,
  environmentId: string,
  row: ImportCustomerInput,
  now: number,
): Promise<'CREATED' | 'UPDATED' | 'SKIPPED'> {
  const { customerId } = row;
  assertCustomerId(customerId);
  const fields = readCustomerFields(row);
  const updatedAt = row.updatedAt == null ? null : fromIso(row.updatedAt);
  const target = { environmentId, customerIds: [customerId], mayBeNew: true };
  const done = await changeStanding(context, target, now, ([found], moment) => {
    const before = found as CustomerState;
    const { customer } = before;
    if (customer && updatedAt !== null && updatedAt <= customer.updatedAt) {
      return { states: [before], events: [], value: 'SKIPPED' as const };
    }
    const changed = customer
      ? changedCustomer(customer, fields, moment.now)
      : newCustomer(customerId, fields, moment.now);
    // When it was last changed where it comes from: the next import is compared with that.
    const after: Customer = { ...changed, updatedAt: updatedAt ?? moment.now };
    const events = customerEvents(customer, after, moment.now);
    return {
      states: [{ ...before, customer: after }],
      events,
      value: customer ? ('UPDATED' as const) : ('CREATED' as const),
    };
  });
  return done.value;
}
