import { type CallHandler, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { Admission } from '@tollgate/client/gate';
import type { Observable } from 'rxjs';
import { requestOf } from './call-key.js';
import { notesOf } from './call-notes.js';
import { type Declaration, declarationOf, mistake } from './declared-requirements.js';
import type { EntitlementGate } from './entitlement-gate.js';
import { admissionOfCall, handleCall } from './handler-call.js';
import { HttpCall } from './http-call.js';
import { getEntitlementGateToken } from './tollgate.tokens.js';

/** Finds the call that a guard, an interceptor or a parameter belongs to. */
@Injectable()
export class EntitlementCalls {
  constructor(
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost<AbstractHttpAdapter>,
  ) {}

  /** HTTP: the call of a context, made when it is first asked for; undefined where nothing is required. */
  ofRequest(context: ExecutionContext): HttpCall | undefined {
    const declaration = declarationIn(context);
    if (declaration.requirements.length === 0) return undefined;
    const { calls } = notesOf<HttpCall>(requestOf(context));
    const known = callOf(declaration, calls);
    if (known) return known;
    const call = this.open(context, declaration);
    calls.push(call);
    return call;
  }

  /** Every other transport: the rest of a call, with its admission before it and its settlement after it. */
  handle(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const declaration = declarationIn(context);
    const { call, operation } = declaration.per;
    if (call.length === 0 && operation.length === 0) return next.handle();
    return handleCall(this.gateOf(declaration), declaration, context, next);
  }

  private readonly gates = new Map<string | undefined, EntitlementGate>();

  /** The gate of a module instance. Throws CONFIGURATION when the application has none of that name. */
  gateOf({ instance, place }: Pick<Declaration, 'instance' | 'place'>): EntitlementGate {
    const known = this.gates.get(instance);
    if (known) return known;
    try {
      const gate = this.moduleRef.get<EntitlementGate>(getEntitlementGateToken(instance), { strict: false });
      this.gates.set(instance, gate);
      return gate;
    } catch {
      const missing = instance === undefined ? 'without a name' : `named ${instance}`;
      throw mistake(place, `needs a TollgateModule ${missing}, and the application has none`);
    }
  }

  private open(context: ExecutionContext, declaration: Declaration): HttpCall {
    const gate = this.gateOf(declaration);
    const enforced = gate.enforce(declaration, 'call');
    return new HttpCall(declaration, { gate, enforced, adapter: this.adapterHost.httpAdapter, context });
  }
}

/** What the gate let in for the handler of this context. */
export function admissionOf(context: ExecutionContext): Admission | undefined {
  const declaration = declarationIn(context);
  if (context.getType() !== 'http') return admissionOfCall(declaration);
  return callOf(declaration, notesOf<HttpCall>(requestOf(context)).calls)?.admission;
}

/** A request may pass several handlers (`next()`), each a call of its own; a guard that runs twice for one finds the same. */
function callOf(declaration: Declaration, calls: readonly HttpCall[]): HttpCall | undefined {
  return calls.find((call) => call.declaration === declaration);
}

const declarationIn = (context: ExecutionContext): Declaration =>
  declarationOf(context.getClass(), context.getHandler());
