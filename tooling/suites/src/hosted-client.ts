/** One customer's entitlement to one feature, as the hosted product would work it out. */
export interface HostedEntitlement {
  type: 'BOOLEAN' | 'NUMERIC' | 'METERED' | 'ENUM';
  value?: number;
  usageLimit?: number;
  currentUsage?: number;
  enumValues?: string[];
  isFallback?: boolean;
  accessDeniedReason?: string;
}

export interface HostedReport {
  customerId: string;
  featureId: string;
  value: number;
  resourceId?: string;
  idempotencyKey?: string;
  createdAt?: Date;
}

interface Question {
  customerId: string;
  featureId: string;
  resourceId?: string;
  options?: { requestedUsage?: number };
}

/** The period that every counter here is in. */
export const hostedPeriod = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };

/**
 * An object of the shape of the hosted product's client, written from its published surface: an application that has
 * one of those can keep it. What it knows is given; `reportUsage` counts, once per idempotency key.
 */
export class HostedClient {
  readonly reports: HostedReport[] = [];
  isClosed = false;
  /** Called before each report is stored; what it throws is what the caller gets. */
  beforeReport: (report: HostedReport) => unknown = () => {};
  /** Called before each answer is worked out. */
  beforeRead: () => unknown = () => {};
  /** Called when it is worked out and still on its way. */
  beforeAnswer: () => unknown = () => {};
  readonly #known: ReadonlyMap<string, HostedEntitlement>;
  readonly #used = new Map<string, number>();
  readonly #keys = new Set<string>();

  /** By `customerId featureId`, or `customerId/resourceId featureId`. */
  constructor(known: Record<string, HostedEntitlement>) {
    this.#known = new Map(Object.entries(known));
  }

  async waitForInitialization(): Promise<this> {
    return this;
  }
  async close(): Promise<void> {
    this.isClosed = true;
  }
  addListener(): void {}
  removeListener(): void {}

  getBooleanEntitlement(question: Question) {
    return this.#answer(question, 'BOOLEAN');
  }
  getNumericEntitlement(question: Question) {
    return this.#answer(question, 'NUMERIC');
  }
  getMeteredEntitlement(question: Question) {
    return this.#answer(question, 'METERED');
  }
  getEnumEntitlement(question: Question) {
    return this.#answer(question, 'ENUM');
  }
  getEntitlement(question: Question) {
    return this.#answer(question);
  }

  async reportUsage(report: HostedReport) {
    await this.beforeReport(report);
    const isNew = !report.idempotencyKey || !this.#keys.has(report.idempotencyKey);
    if (isNew) {
      this.#keys.add(report.idempotencyKey ?? '');
      this.reports.push(report);
      this.#used.set(nameOf(report), this.usedOf(report) + report.value);
    }
    return { ...report, currentUsage: this.usedOf(report), timestamp: new Date() };
  }

  usedOf(question: Question): number {
    return (this.#known.get(nameOf(question))?.currentUsage ?? 0) + (this.#used.get(nameOf(question)) ?? 0);
  }

  async #answer(question: Question, type?: HostedEntitlement['type']) {
    await this.beforeRead();
    const known = this.#known.get(nameOf(question));
    const denied = (accessDeniedReason: string, isFallback = false) => ({
      hasAccess: false,
      isFallback,
      accessDeniedReason,
      type: type ?? ('BOOLEAN' as const),
    });
    if (!known) return denied('NoFeatureEntitlementInSubscription');
    if (known.accessDeniedReason) return denied(known.accessDeniedReason, known.isFallback);
    if (type && type !== known.type) return denied('FeatureTypeMismatch');
    const currentUsage = this.usedOf(question);
    await this.beforeAnswer();
    const isOver = known.usageLimit !== undefined && currentUsage >= known.usageLimit;
    return {
      ...known,
      hasAccess: !isOver,
      isFallback: known.isFallback ?? false,
      accessDeniedReason: isOver ? 'RequestedUsageExceedingLimit' : null,
      isUnlimited: false,
      feature: { id: question.featureId, displayName: question.featureId, featureStatus: 'ACTIVE' },
      ...(known.type === 'METERED' && {
        currentUsage,
        hasSoftLimit: false,
        resetPeriod: 'MONTH',
        resetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
        usagePeriodStart: hostedPeriod.start,
        usagePeriodEnd: hostedPeriod.end,
      }),
    };
  }
}

function nameOf({ customerId, resourceId, featureId }: Question): string {
  return `${customerId}${resourceId === undefined ? '' : `/${resourceId}`} ${featureId}`;
}
