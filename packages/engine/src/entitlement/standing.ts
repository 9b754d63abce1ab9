import type { Catalog } from '../catalog/catalog.js';
import type { CreditState } from '../credit/credit-state.js';
import type { Customer } from '../customer/customer.js';
import type { Subscription } from '../subscription/subscription.js';
import type { Held } from '../usage/held.js';
import type { Promotion } from './promotion.js';

/** Everything that a customer's snapshots follow from, as of one instant. */
export interface Standing {
  customerId: string;
  /** Null for an id that nobody has. */
  customer: Customer | null;
  /** The resources among those asked for that the customer has. */
  resourceIds: ReadonlySet<string>;
  /** What is open for the customer as a whole and for the resources asked for, brought up to the instant of the read. */
  subscriptions: readonly Subscription[];
  /** The promotional grants that hold. */
  promotions: readonly Promotion[];
  /** All wallets of the customer and its resources, brought up to the instant of the read. */
  credits: CreditState;
  /** What reservations hold at the instant of the read. */
  held: readonly Held[];
  /** When time will next change any of it; null when nothing is due. */
  nextDue: number | null;
  catalog: Catalog;
  epoch: string;
  revision: number;
  /** The instant from which all this holds: that of the last change, asked for or brought by time. */
  lastNow: number;
  /** The instant of the read, or that of the customer's last change if that is later. */
  instant: number;
}
