import type { ExecutionContext } from '@nestjs/common';
import type { Tollgate } from '@tollgate/client';
import {
  type CustomerResolver,
  createGate,
  type DeclaredRequirement,
  type Denied,
  type Gate,
  mapRequirements,
} from '@tollgate/client/gate';
import { askedOnce } from './customer-lookup.js';
import { type Declaration, mistake } from './declared-requirements.js';
import { EntitlementException } from './entitlement.exception.js';
import type { TollgateModuleOptions } from './tollgate-options.js';

/** What one handler requires, checked by the gate that enforces it. */
export interface EnforcedDeclaration {
  requirements: readonly DeclaredRequirement<ExecutionContext>[];
  /** Everything that has a say in who pays. */
  customers: readonly CustomerResolver<ExecutionContext>[];
}

/** The gate of one module instance. */
export interface EntitlementGate extends Pick<Gate<ExecutionContext>, 'admit' | 'checkFeatures'> {
  /** Takes a handler's declaration in, once. Throws CONFIGURATION. */
  enforce(declaration: Declaration): EnforcedDeclaration;
  exceptionFor(decision: Denied, context: ExecutionContext): Error;
  /** Nest calls this hook on every provider that has it. */
  onApplicationShutdown(): void;
}

export function entitlementGate(client: Tollgate, options: TollgateModuleOptions): EntitlementGate {
  const { client: _, exceptionFactory, shutdownDeadlineMs: __, customer, ...gateOptions } = options;
  const anyCustomer = customer && askedOnce(customer);
  const gate = createGate<ExecutionContext>({ ...gateOptions, client, customer: anyCustomer });
  const enforced = new WeakMap<Declaration, EnforcedDeclaration>();

  const enforceOnce = ({ place, requirements }: Declaration): EnforcedDeclaration => {
    const own = mapRequirements<ExecutionContext, ExecutionContext>(requirements, (item) => ({
      ...item,
      customer: item.customer && askedOnce(item.customer),
    }));
    const declared = gate.declare(own, place);
    const customers = declared.map((item) => item.customer ?? anyCustomer);
    if (!customers.every((resolver) => resolver !== undefined)) {
      throw mistake(place, 'has no customer: neither the module nor the requirement has a `customer` function');
    }
    return { requirements: declared, customers: [...new Set(customers)] };
  };

  return {
    admit: gate.admit,
    checkFeatures: gate.checkFeatures,
    enforce(declaration) {
      const known = enforced.get(declaration) ?? enforceOnce(declaration);
      enforced.set(declaration, known);
      return known;
    },
    exceptionFor: (decision, context) => exceptionFactory?.(decision, context) ?? new EntitlementException(decision),
    onApplicationShutdown: gate.close,
  };
}
