import type { ExecutionContext } from '@nestjs/common';
import { gatePortKey, type Tollgate } from '@tollgate/client';
import {
  type CustomerResolver,
  createGate,
  type DeclaredRequirement,
  type Denied,
  type Gate,
  mapRequirements,
  type RequirementList,
} from '@tollgate/client/gate';
import { askedOnce } from './customer-lookup.js';
import { type Declaration, mistake, type Per } from './declared-requirements.js';
import { denialException } from './denial-exception.js';
import { defaultShutdownDeadlineMs, type TollgateModuleOptions } from './tollgate-options.js';

/** What one handler requires, equally often, checked by the gate that enforces it. */
export interface EnforcedDeclaration {
  requirements: readonly DeclaredRequirement<ExecutionContext>[];
  /** Per operation: the same apart for each decorator, because fields of one operation share them one by one. */
  each: readonly (readonly DeclaredRequirement<ExecutionContext>[])[];
  /** Everything that has a say in who pays. */
  customers: readonly CustomerResolver<ExecutionContext>[];
}

/** The gate of one module instance. */
export interface EntitlementGate
  extends Pick<
    Gate<ExecutionContext>,
    'admit' | 'admitAtOnce' | 'checkFeatures' | 'entitlements' | 'possibleDenials' | 'remember'
  > {
  /** Takes in what a handler requires per call, operation or event, once and in its order. Throws CONFIGURATION. */
  enforce(declaration: Declaration, per: Per): EnforcedDeclaration;
  /** What is thrown for a denial: the application's own exception, or the one that the transport answers as a denial. */
  exceptionFor(decision: Denied, context: ExecutionContext): Promise<Error>;
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
  const enforced = new WeakMap<object, EnforcedDeclaration>();

  const enforceOnce = ({ place, per: requirements }: Declaration, per: Per): EnforcedDeclaration => {
    const own = requirements[per].map((decorated) =>
      mapRequirements<ExecutionContext, ExecutionContext>(decorated, (item) => ({
        ...item,
        customer: item.customer && askedOnce(item.customer),
      })),
    ) as RequirementList<ExecutionContext>;
    const declared = gate.declare(own, place);
    const customers = declared.map((item) => item.customer ?? anyCustomer);
    if (!customers.every((resolver) => resolver !== undefined)) {
      throw mistake(place, 'has no customer: neither the module nor the requirement has a `customer` function');
    }
    const each = per === 'operation' ? own.map((decorated) => gate.declare(decorated, place)) : [declared];
    return { requirements: declared, each, customers: [...new Set(customers)] };
  };

  return {
    admit: gate.admit,
    admitAtOnce: gate.admitAtOnce,
    checkFeatures: gate.checkFeatures,
    entitlements: gate.entitlements,
    remember: gate.remember,
    possibleDenials: gate.possibleDenials,
    enforce(declaration, per) {
      const requirements = declaration.per[per];
      const known = enforced.get(requirements);
      if (known) return known;
      const checked = enforceOnce(declaration, per);
      enforced.set(requirements, checked);
      return checked;
    },
    exceptionFor: async (decision, context) =>
      exceptionFactory?.(decision, context) ?? denialException(decision, context.getType<string>()),
    beforeApplicationShutdown: gate.stopReserving,
    async onApplicationShutdown() {
      gate.close();
      await client[gatePortKey].flush(shutdownDeadlineMs);
    },
  };
}
