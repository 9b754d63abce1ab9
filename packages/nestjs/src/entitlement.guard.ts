import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { after } from '@tollgate/client/gate';
import { EntitlementCalls } from './entitlement-calls.js';

/**
 * Admits HTTP requests before interceptors, pipes and the handler. `@RequireEntitlement` attaches it; it does nothing
 * where nothing is required, and in other transports, which the `EntitlementInterceptor` sees from beginning to end.
 */
@Injectable()
export class EntitlementGuard implements CanActivate {
  constructor(@Inject(EntitlementCalls) private readonly calls: EntitlementCalls) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const admitted = context.getType() === 'http' ? this.calls.ofRequest(context)?.admit() : undefined;
    return after(admitted, () => true);
  }
}
