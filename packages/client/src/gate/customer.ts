import { assertCustomerId, assertId, type SnapshotKey } from '@tollgate/contract';
import { type Soon, soon } from './at-once.js';
import type { CustomerResolver } from './gate-types.js';

/** Who pays for a request; `missing` when the request names nobody, `failed` when the resolver is at fault. */
export type FoundCustomer = { key: SnapshotKey } | { missing: string } | { failed: string; cause?: unknown };

export interface CustomerRefusal {
  code: 'customer-missing';
  log: string;
  cause: unknown;
  /** In place of the code's own. */
  status?: number;
}

/**
 * Asks the application who pays. Nobody, or an id that no customer can have, is the request's fault; a resolver that
 * throws or answers something else than an id is the application's. Neither is ever mistaken for a denial.
 */
export function findCustomer<Request>(
  resolver: CustomerResolver<Request> | undefined,
  request: Request,
): Soon<FoundCustomer> {
  if (!resolver) return { failed: 'no customer function is configured' };
  try {
    const answer = soon(resolver(request));
    return answer instanceof Promise ? answer.then(customerIn).catch(thrown) : customerIn(answer);
  } catch (cause) {
    return thrown(cause);
  }
}

const thrown = (cause: unknown): FoundCustomer => ({ failed: 'the customer function threw', cause });

/** Why a request without a customer gets no further. */
export function customerRefusal(found: Exclude<FoundCustomer, { key: SnapshotKey }>): CustomerRefusal {
  if ('missing' in found) return { code: 'customer-missing', log: found.missing, cause: undefined };
  return { code: 'customer-missing', log: found.failed, cause: found.cause, status: 500 };
}

function customerIn(answer: unknown): FoundCustomer {
  if (answer === undefined || answer === null || answer === '') return { missing: 'the customer function found none' };
  if (typeof answer !== 'object') return customerOf(answer, null);
  const { customerId, resourceId = null } = answer as { customerId?: unknown; resourceId?: unknown };
  if (customerId === undefined || customerId === null || customerId === '') {
    return { missing: 'the customer function answered without a customerId' };
  }
  return customerOf(customerId, resourceId);
}

function customerOf(customerId: unknown, resourceId: unknown): FoundCustomer {
  if (typeof customerId !== 'string' || (resourceId !== null && typeof resourceId !== 'string')) {
    return { failed: 'the customer function must answer an id, or { customerId, resourceId? }' };
  }
  try {
    assertCustomerId(customerId);
    if (resourceId !== null) assertId(resourceId, 'resourceId');
  } catch (error) {
    return { missing: error instanceof Error ? error.message : 'the id is malformed' };
  }
  return { key: { customerId, resourceId } };
}
