import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { after, type Soon } from '@tollgate/client/gate';
import type { Observable } from 'rxjs';
import { EntitlementCalls } from './entitlement-calls.js';

/**
 * Runs after every guard. In HTTP it admits what the `EntitlementGuard` could not, because nobody had yet said whose
 * request it is, and never settles: what an interceptor sees is the handler's result, not what became of the response.
 * In every other transport the handler's result is all there is: there it admits and settles.
 */
@Injectable()
export class EntitlementInterceptor implements NestInterceptor {
  constructor(@Inject(EntitlementCalls) private readonly calls: EntitlementCalls) {}

  intercept(context: ExecutionContext, next: CallHandler): Soon<Observable<unknown>> {
    if (context.getType() !== 'http') return this.calls.handle(context, next);
    return after(this.calls.ofRequest(context)?.admitFinally(), () => next.handle());
  }
}
