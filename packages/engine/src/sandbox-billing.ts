import { type SandboxOutcome, TollgateError } from '@tollgate/contract';
import type { IntentKind } from './billing/billing-intent.js';
import type { BillingCall, BillingProvider, CollectOutcome, ConfirmOutcome } from './billing/billing-provider.js';
import { begin, lookAgain, outcomeOf, type SandboxItem, settle } from './billing/sandbox-rules.js';
import type { Database, Queryable } from './storage/database.js';
import {
  addAndLockItem,
  closePaymentsOf,
  lockItem,
  readItem,
  readOpenItems,
  type SandboxRow,
  saveItem,
} from './storage/sandbox-store.js';

/** A payment provider to try things with: nobody pays anything, and whoever has it open decides how payments end. */
export interface Sandbox extends BillingProvider {
  /** Null for an id that it has never heard of. */
  item(intentId: string): Promise<SandboxItem | null>;
  /** What waits to be settled in an environment, or in every one, the oldest first, at most 100. */
  open(environmentId: string | null): Promise<SandboxItem[]>;
  /** Decides a checkout, a payment or a confirmation. Rejects when there is nothing to decide. */
  settle(intentId: string, outcome: SandboxOutcome, now: number): Promise<SandboxItem>;
}

const openMax = 100;

/** Its state is in the database, in a table that nothing else reads, so that every server sees the same provider. */
export function sandboxBilling(database: Database): Sandbox {
  type Asked = Pick<SandboxItem, 'kind' | 'subscriptionId' | 'title' | 'paymentMethodId' | 'checkoutOptions'>;

  async function ask(call: BillingCall, asked: Asked, isChargedNow = false): Promise<SandboxItem> {
    const { intentId, environmentId, now } = call;
    const begun = begin({ intentId, environmentId, createdAt: now, ...asked }, isChargedNow, now);
    return database.transaction(async (tx) => {
      const item = fromRow(await addAndLockItem(tx, toRow(begun)));
      if (item.kind === 'cancel' && item.status === 'SUCCEEDED') await stopCollecting(tx, item);
      return item;
    });
  }

  const change = (intentId: string, next: (item: SandboxItem) => SandboxItem) =>
    database.transaction(async (tx) => {
      const row = await lockItem(tx, intentId);
      if (!row) return null;
      const before = fromRow(row);
      const after = next(before);
      if (after !== before) await saveItem(tx, toRow(after));
      if (after !== before && after.kind === 'cancel' && after.status === 'SUCCEEDED') await stopCollecting(tx, after);
      return after;
    });

  const confirmed = async (call: BillingCall, kind: IntentKind, asked: Omit<Asked, 'kind' | 'checkoutOptions'>) =>
    outcomeOf(await ask(call, { ...asked, kind, checkoutOptions: null })) as ConfirmOutcome;

  return {
    name: 'sandbox',
    async collect(request) {
      const { subscription, payer, checkoutOptions, isChargedNow } = request;
      const { subscriptionId, planId } = subscription;
      const { paymentMethodId } = payer;
      const title = `${planId} for ${payer.customerId}`;
      const asked = { kind: 'collect' as const, subscriptionId, title, paymentMethodId, checkoutOptions };
      return outcomeOf(await ask(request, asked, isChargedNow)) as CollectOutcome;
    },
    async collectGrant(request) {
      const { grant, payer, isChargedNow } = request;
      const title = `${grant.amount} ${grant.currencyId} for ${payer.customerId}`;
      const { paymentMethodId } = payer;
      const asked = { kind: 'grant' as const, subscriptionId: null, title, paymentMethodId, checkoutOptions: null };
      return outcomeOf(await ask(request, asked, isChargedNow)) as CollectOutcome;
    },
    cancel: (request) =>
      confirmed(request, 'cancel', {
        subscriptionId: request.subscription.subscriptionId,
        title: `the end of ${request.subscription.subscriptionId}`,
        paymentMethodId: request.payer.paymentMethodId,
      }),
    attachPaymentMethod: (request) =>
      confirmed(request, 'attach', {
        subscriptionId: null,
        title: `payment method ${request.paymentMethodId} of ${request.payer.customerId}`,
        paymentMethodId: request.paymentMethodId,
      }),
    detachPaymentMethod: (request) =>
      confirmed(request, 'detach', {
        subscriptionId: null,
        title: `payment method ${request.paymentMethodId} of ${request.payer.customerId}, removed`,
        paymentMethodId: request.paymentMethodId,
      }),
    async lookUp({ intentId, paymentMethodId, now }) {
      const item = await change(intentId, (before) => lookAgain(before, paymentMethodId, now));
      return item && outcomeOf(item);
    },
    async item(intentId) {
      const row = await readItem(database, intentId);
      return row && fromRow(row);
    },
    open: async (environmentId) => (await readOpenItems(database, environmentId, openMax)).map(fromRow),
    async settle(intentId, outcome, now) {
      const settled = await change(intentId, (before) => {
        const after = settle(before, outcome, now);
        if (after) return after;
        throw new TollgateError('CONFLICT', `${intentId} is settled already`, { field: 'intentId' });
      });
      if (settled) return settled;
      throw new TollgateError('INVALID_ARGUMENT', 'intentId names nothing that billing was asked for', {
        field: 'intentId',
      });
    },
  };
}

async function stopCollecting(tx: Queryable, { environmentId, subscriptionId }: SandboxItem): Promise<void> {
  if (subscriptionId !== null) await closePaymentsOf(tx, environmentId, subscriptionId);
}

function toRow(item: SandboxItem): SandboxRow {
  const { intentId, environmentId, subscriptionId, status, createdAt, ...content } = item;
  return { intentId, environmentId, subscriptionId, status, createdAt, content };
}

/** The content holds what `toRow` took out of an item. */
const fromRow = ({ content, ...row }: SandboxRow): SandboxItem => ({ ...row, ...content }) as SandboxItem;
