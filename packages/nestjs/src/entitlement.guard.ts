import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { EntitlementCalls } from './entitlement-calls.js';

/**
 * Admits HTTP requests before interceptors, pipes and the handler. `@RequireEntitlement` attaches it; it does nothing
 * where nothing is required, and in other transports, which the `EntitlementInterceptor` sees from beginning to end.
 */
@Injectable()
export class EntitlementGuard implements CanActivate {
  constructor(@Inject(EntitlementCalls) private readonly calls: EntitlementCalls) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() === 'http') await this.calls.ofRequest(context)?.admit();
    return true;
  }
}
