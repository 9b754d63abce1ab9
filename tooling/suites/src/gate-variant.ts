import type { Tollgate } from '@tollgate/client';
import type { Admission, EntitlementsOptions, GateOptions, RequirementInput, UpgradeUrl } from '@tollgate/client/gate';

/** What the suite's functions read of a request. Every framework hands them something that has this. */
export interface SuiteRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a route of the suite does, in words that every framework can speak. */
export interface SuiteRoute {
  method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  /** For example `/reports`, or with a parameter `/reports/:id`. */
  path: string;
  entitlement: RequirementInput<SuiteRequest>;
  handler: (call: SuiteCall) => SuiteReply | Promise<SuiteReply>;
}

/** What a handler of the suite gets. */
export interface SuiteCall {
  /** The object that the framework hands to handlers, itself. */
  admission: Admission;
  headers: SuiteRequest['headers'];
  /** Sends a piece of an event stream, the first time with the status 200; the response stays open. */
  sendPart(text: string): void;
}

/**
 * A JSON answer. Or, after `sendPart`: `open` leaves the response open until the client goes away, `end` says that the
 * parts were the whole answer.
 */
export type SuiteReply = { status: number; body?: unknown } | 'open' | 'end';

/** Gate options that the suite sets, by the same names in every adapter. */
export type SuiteOptions = Pick<
  GateOptions<SuiteRequest>,
  | 'customer'
  | 'onUnavailable'
  | 'deadlineMs'
  | 'onMisconfigured'
  | 'hideNotEntitled'
  | 'missingCustomerStatus'
  | 'availableIn'
  | 'quotaHeaders'
  | 'mode'
  | 'reservationTtlMs'
  | 'fingerprint'
  | 'shadow'
  | 'onAbort'
  | 'explainHeader'
> & { client: Tollgate; upgradeUrl?: UpgradeUrl };

/** A page's question for what the customer has, served by the adapter's `entitlementsHandler`. */
export type SuitePage = { path: string } & EntitlementsOptions<SuiteRequest>;

export interface StartedApp {
  /** `http://127.0.0.1:port` of an application that listens. */
  url: string;
  close(): Promise<void>;
}

/** One framework that runs the gate suite. */
export interface GateVariant {
  name: string;
  /** Starts an application with these routes. The client is borrowed. Rejects when a route is declared wrongly. */
  startApp(options: SuiteOptions, routes: readonly SuiteRoute[], pages?: readonly SuitePage[]): Promise<StartedApp>;
}
