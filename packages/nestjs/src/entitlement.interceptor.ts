import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { EntitlementCalls } from './entitlement-calls.js';

/**
 * Runs after every guard. Admits what the `EntitlementGuard` could not, because nobody had yet said whose request it
 * is. It never settles: what an interceptor sees is the handler's result, not what became of the response.
 */
@Injectable()
export class EntitlementInterceptor implements NestInterceptor {
  constructor(@Inject(EntitlementCalls) private readonly calls: EntitlementCalls) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    await this.calls.of(context)?.admitFinally();
    return next.handle();
  }
}
