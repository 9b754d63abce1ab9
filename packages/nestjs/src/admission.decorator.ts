import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Admission as GateAdmission } from '@tollgate/client/gate';
import { admissionOf } from './entitlement-calls.js';

/** Who pays, what was granted, and `measure`: the type that goes with `@Admission()`. */
export type Admission = GateAdmission;

/** The handler's admission. Undefined where nothing was required. */
export const Admission = createParamDecorator((_data: unknown, context: ExecutionContext) => admissionOf(context));

/** The account that pays: the type that goes with `@Customer()`. */
export type Customer = Pick<GateAdmission, 'customerId' | 'resourceId'>;

/** The account that pays, as the gate found it. Undefined where nothing was required. */
export const Customer = createParamDecorator((_data: unknown, context: ExecutionContext): Customer | undefined => {
  const admission = admissionOf(context);
  return admission && { customerId: admission.customerId, resourceId: admission.resourceId };
});
