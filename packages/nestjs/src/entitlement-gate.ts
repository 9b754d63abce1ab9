import type { ExecutionContext } from '@nestjs/common';
import { gatePortKey, type Tollgate } from '@tollgate/client';
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
import { defaultShutdownDeadlineMs, type TollgateModuleOptions } from './tollgate-options.js';

/** What one handler requires, checked by the gate that enforces it. */
export interface EnforcedDeclaration {
  requirements: readonly DeclaredRequirement<ExecutionContext>[];
  /** Everything that has a say in who pays. */
  customers: readonly CustomerResolver<ExecutionContext>[];
}

/** The gate of one module instance. */
export interface EntitlementGate extends Pick<Gate<ExecutionContext>, 'admit' | 'checkFeatures' | 'possibleDenials'> {
  /** Takes a handler's declaration in, once. Throws CONFIGURATION. */
  enforce(declaration: Declaration): EnforcedDeclaration;
  exceptionFor(decision: Denied, context: ExecutionContext): Error;
  /** Nest calls these hooks on every provider that has them. This one comes before the server stops to listen. */
  beforeApplicationShutdown(): void;
  /** When every request is over: sends what is left, whoever owns the client. */
  onApplicationShutdown(): Promise<void>;
}

export function entitlementGate(client: Tollgate, options: TollgateModuleOptions): EntitlementGate {
  const {
    client: _,
    exceptionFactory,
    shutdownDeadlineMs = defaultShutdownDeadlineMs,
    customer,
    ...gateOptions
  } = options;
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
    possibleDenials: gate.possibleDenials,
    enforce(declaration) {
      const known = enforced.get(declaration) ?? enforceOnce(declaration);
      enforced.set(declaration, known);
      return known;
    },
    exceptionFor: (decision, context) => exceptionFactory?.(decision, context) ?? new EntitlementException(decision),
    beforeApplicationShutdown: gate.stopReserving,
    async onApplicationShutdown() {
      gate.close();
      await client[gatePortKey].flush(shutdownDeadlineMs);
    },
  };
}
