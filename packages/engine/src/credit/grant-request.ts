import { createHash } from 'node:crypto';
import {
  type Amount,
  assertCustomerId,
  assertId,
  type GrantCreditsInput,
  invalidArgument,
  PaymentCollectionMethod,
  parseAmount,
  TollgateError,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { canonicalJson } from '../catalog/json.js';
import { readMetadata } from '../customer/metadata.js';
import { readText, requireText } from '../customer/text.js';
import { readInstant } from '../subscription/instant.js';
import type { CreditGrant } from './credit-grant.js';

/** A grant as it was asked for, before anything is known of its payment. */
export interface RequestedGrant {
  grant: CreditGrant;
  /** Whether its cost is to be charged before it counts. */
  isChargedFirst: boolean;
}

const defaultPriority = 50;
const limits = { priority: 100, comment: 200 };
const grantable = ['PAID', 'PROMOTIONAL'] as const;

/** What a repeated call with the same id must say again. */
export function requestHash({ grantId: _, awaitPaymentConfirmation: __, ...content }: GrantCreditsInput): string {
  return createHash('sha256')
    .update(canonicalJson(withoutNulls(content)))
    .digest('base64url');
}

/** A field that is null says the same as one that is left out. */
function withoutNulls(content: object): object {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
}

/** What a grant says of its owner, before the customer is looked up. */
export function assertGrantIds({ customerId, currencyId, resourceId, grantId }: GrantCreditsInput): void {
  assertCustomerId(customerId);
  assertId(currencyId, 'currencyId');
  if (resourceId != null) assertId(resourceId, 'resourceId');
  if (grantId != null) assertId(grantId, 'grantId');
}

/** Reads a request by the rules of the catalog. Rejects with INVALID_ARGUMENT or CURRENCY_NOT_FOUND, naming the field. */
export function readGrantRequest(
  catalog: Catalog,
  input: GrantCreditsInput,
  { now, newId }: { now: number; newId(): string },
): RequestedGrant {
  assertGrantIds(input);
  assertCurrency(catalog, input.currencyId);
  const amount = parseAmount(input.amount, 'amount');
  if (amount <= 0n) throw invalidArgument('amount', 'must be above 0');
  if (!grantable.some((type) => type === input.grantType)) {
    throw invalidArgument('grantType', `must be one of ${grantable.join(', ')}`);
  }
  const cost = readCost(input);
  const { effectiveAt, expireAt } = readTimes(input, now);
  const method = readMethod(input.paymentCollectionMethod);
  const information = readMetadata(input.billingInformation ?? undefined, 'billingInformation') ?? null;
  const isChargedFirst = cost !== null && (method ?? 'CHARGE') === 'CHARGE' && information?.isInvoicePaid !== true;
  const grant: CreditGrant = {
    grantId: input.grantId ?? newId(),
    currencyId: input.currencyId,
    resourceId: input.resourceId ?? null,
    grantType: input.grantType,
    sourceType: null,
    status: effectiveAt > now ? 'SCHEDULED' : 'ACTIVE',
    amount,
    consumed: 0n,
    priority: readPriority(input.priority),
    effectiveAt,
    expireAt,
    voidedAt: null,
    createdAt: now,
    subscriptionId: null,
    periodStart: null,
    terms: {
      displayName: requireText(input.displayName, 'displayName'),
      comment: readComment(input.comment),
      metadata: readMetadata(input.metadata ?? undefined, 'metadata') ?? {},
      cost,
      paymentCollection: 'NOT_REQUIRED',
      paymentCollectionMethod: method,
      latestInvoice: null,
      billingInformation: information,
      requestHash: requestHash(input),
    },
  };
  return { grant, isChargedFirst };
}

/** Rejects with CURRENCY_NOT_FOUND for a currency that nobody published, or that is archived. */
export function assertCurrency(catalog: Catalog, currencyId: string): void {
  const currency = catalog.currencies.get(currencyId);
  if (currency && !currency.isArchived) return;
  const why = currency ? `currency ${currencyId} is archived` : `there is no currency ${currencyId}`;
  throw new TollgateError('CURRENCY_NOT_FOUND', why, { field: 'currencyId' });
}

/** Null where nothing is paid. */
function readCost({ cost, grantType }: GrantCreditsInput): { amount: number; currency: string } | null {
  if (cost == null) return null;
  if (!Number.isFinite(cost.amount) || cost.amount < 0) throw invalidArgument('cost.amount', 'must be 0 or more');
  if (!/^[a-z]{3}$/.test(cost.currency)) {
    throw invalidArgument('cost.currency', 'must be a currency of ISO 4217 in lower case, such as "usd"');
  }
  if (grantType !== 'PAID' && cost.amount > 0)
    throw invalidArgument('cost', 'must be left out: nobody pays for a gift');
  return cost.amount === 0 ? null : { amount: cost.amount, currency: cost.currency };
}

function readTimes(input: GrantCreditsInput, now: number): { effectiveAt: number; expireAt: number | null } {
  const effectiveAt = readInstant(input.effectiveAt, 'effectiveAt') ?? now;
  if (effectiveAt < now) throw invalidArgument('effectiveAt', 'must not lie in the past');
  const expireAt = readInstant(input.expireAt, 'expireAt');
  if (expireAt !== null && expireAt <= now) throw invalidArgument('expireAt', 'must lie in the future');
  if (expireAt !== null && expireAt <= effectiveAt) throw invalidArgument('expireAt', 'must be after effectiveAt');
  return { effectiveAt, expireAt };
}

function readPriority(priority: number | null | undefined): number {
  const given = priority ?? defaultPriority;
  if (Number.isInteger(given) && given >= 0 && given <= limits.priority) return given;
  throw invalidArgument('priority', `must be a whole number from 0 to ${limits.priority}`);
}

function readComment(comment: string | null | undefined): string | null {
  const text = readText(comment, 'comment') ?? null;
  if (text === null || text.length <= limits.comment) return text;
  throw invalidArgument('comment', `must have at most ${limits.comment} characters`);
}

function readMethod(method: GrantCreditsInput['paymentCollectionMethod']): PaymentCollectionMethod | null {
  const known = Object.values(PaymentCollectionMethod);
  if (method == null || known.includes(method)) return method ?? null;
  throw invalidArgument('paymentCollectionMethod', `must be one of ${known.join(', ')}`);
}

/** The price of credits at the price of one, in whole currency units, to the hundredth and half up. */
export function purchasePrice(amount: Amount, unitPrice: { amount: number; currency: string }) {
  const price = parseAmount(unitPrice.amount, 'unitPrice.amount');
  // Both are millionths, so the product is in millionths of millionths; 10,000 millionths are a hundredth.
  const hundredths = (amount * price + 5_000_000_000n) / 10_000_000_000n;
  return { amount: Number(hundredths) / 100, currency: unitPrice.currency };
}
