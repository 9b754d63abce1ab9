import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { Admission } from '@tollgate/client/gate';
import { type Declaration, declarationOf, mistake } from './declared-requirements.js';
import type { EntitlementGate } from './entitlement-gate.js';
import { type HttpCall, httpCall } from './http-call.js';
import { getEntitlementGateToken } from './tollgate.tokens.js';

/**
 * The calls under way, by request. A request may pass several handlers (`next()`), and each of them is a call of its
 * own; a guard that runs twice for one handler finds the same call.
 */
const callsByRequest = new WeakMap<object, Map<Declaration, HttpCall>>();

/** Finds the call that a guard, an interceptor or a parameter belongs to. */
@Injectable()
export class EntitlementCalls {
  constructor(
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost<AbstractHttpAdapter>,
  ) {}

  /** The call of a context, made when it is first asked for; undefined where nothing is required. */
  of(context: ExecutionContext): HttpCall | undefined {
    const declaration = declarationOf(context.getClass(), context.getHandler());
    if (declaration.requirements.length === 0) return undefined;
    const transport = context.getType<string>();
    if (transport !== 'http') {
      throw mistake(declaration.place, `requires an entitlement over ${transport}, which is not supported yet`);
    }
    const request = context.switchToHttp().getRequest<object>();
    const calls = callsByRequest.get(request) ?? new Map<Declaration, HttpCall>();
    callsByRequest.set(request, calls);
    const call = calls.get(declaration) ?? this.open(context, declaration);
    calls.set(declaration, call);
    return call;
  }

  /** The gate of a module instance. Throws CONFIGURATION when the application has none of that name. */
  gateOf({ instance, place }: Declaration): EntitlementGate {
    try {
      return this.moduleRef.get<EntitlementGate>(getEntitlementGateToken(instance), { strict: false });
    } catch {
      const missing = instance === undefined ? 'without a name' : `named ${instance}`;
      throw mistake(place, `needs a TollgateModule ${missing}, and the application has none`);
    }
  }

  private open(context: ExecutionContext, declaration: Declaration): HttpCall {
    const gate = this.gateOf(declaration);
    return httpCall(gate, gate.enforce(declaration), this.adapterHost.httpAdapter, context);
  }
}

/** What the gate let in for the handler of this context. */
export function admissionOf(context: ExecutionContext): Admission | undefined {
  const calls = callsByRequest.get(context.switchToHttp().getRequest<object>());
  return calls?.get(declarationOf(context.getClass(), context.getHandler()))?.admission();
}
