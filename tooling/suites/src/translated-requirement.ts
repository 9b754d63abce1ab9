import { mapRequirements, type Requirement, type RequirementInput } from '@tollgate/client/gate';
import type { SuiteRequest } from './gate-variant.js';

/** The suite's functions read a request; some frameworks hand theirs something else, in which `requestOf` finds it. */
export function translated<Request>(
  input: RequirementInput<SuiteRequest>,
  requestOf: (given: Request) => SuiteRequest,
): RequirementInput<Request> {
  return mapRequirements(
    input,
    ({ usage, values, atMost, customer, ...rest }): Requirement<Request> => ({
      ...rest,
      usage: typeof usage === 'function' ? (given) => usage(requestOf(given)) : usage,
      values: typeof values === 'function' ? (given) => values(requestOf(given)) : values,
      atMost: typeof atMost === 'function' ? (given) => atMost(requestOf(given)) : atMost,
      customer: customer && ((given) => customer(requestOf(given))),
    }),
  );
}
