import type { CreditGrant } from './credit-grant.js';
import { grantToWire } from './grant-wire.js';

/** Something that happened to credits, by the name under which it is told. */
export interface CreditEvent {
  type: string;
  at: number;
  entity: Record<string, unknown>;
}

/** A grant begins to count, ends, or something else about it changed; it is shown as the API shows it. */
export function grantEvent(
  type: 'credits.granted' | 'credits.expired' | 'credits.grant.updated',
  grant: CreditGrant,
  customerId: string,
  at: number,
): CreditEvent {
  return { type, at, entity: grantToWire(grant, customerId) };
}
