import { toIso } from '@tollgate/contract';
import { type Customer, customerToWire } from './customer.js';

export interface CustomerEvent {
  type: string;
  at: number;
  entity: unknown;
}

/**
 * What is to be told of a change of a customer, by the names under which it is told. The customer is shown as the API
 * shows it, without its subscriptions: those have events of their own.
 */
export function customerEvents(before: Customer | null, after: Customer, at: number): CustomerEvent[] {
  if (before === after) return [];
  const { subscriptions: _, ...entity } = customerToWire(after, []);
  return [{ type: nameOf(before, after), at, entity }, ...methodEvents(before, after, at)];
}

function nameOf(before: Customer | null, after: Customer): string {
  if (!before) return 'customer.created';
  // Whoever follows the events has to forget the customer, which is what others call deleted.
  return before.archivedAt === null && after.archivedAt !== null ? 'customer.deleted' : 'customer.updated';
}

/** A method that takes another's place as the default one is attached; the other one is not said to be gone. */
function methodEvents(before: Customer | null, after: Customer, at: number): CustomerEvent[] {
  const [had, has] = [before?.details.defaultPaymentMethod ?? null, after.details.defaultPaymentMethod];
  if (had?.paymentMethodId === has?.paymentMethodId) return [];
  const { customerId } = after;
  if (has) return [{ type: 'payment_method.attached', at, entity: { customerId, ...has, attachedAt: toIso(at) } }];
  return [{ type: 'payment_method.detached', at, entity: { customerId, ...had, detachedAt: toIso(at) } }];
}
