import type { Requirement } from '@tollgate/client/gate';
import type { SuiteRequest } from './gate-variant.js';

/** The suite's functions read a request; some frameworks hand theirs something else, in which `requestOf` finds it. */
export function translated<Request>(
  item: string | Requirement<SuiteRequest>,
  requestOf: (given: Request) => SuiteRequest,
): Requirement<Request> {
  if (typeof item === 'string') return { feature: item };
  const { usage, values, atMost, customer, ...rest } = item;
  return {
    ...rest,
    usage: typeof usage === 'function' ? (given) => usage(requestOf(given)) : usage,
    values: typeof values === 'function' ? (given) => values(requestOf(given)) : values,
    atMost: typeof atMost === 'function' ? (given) => atMost(requestOf(given)) : atMost,
    customer: customer && ((given) => customer(requestOf(given))),
  };
}
