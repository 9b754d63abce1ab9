import type { Tollgate } from '@tollgate/client';

/** What stands before the handler: nothing to do, our gate in one of two modes, or the limiter people use there. */
export const hooks = ['nothing', 'check', 'meter', 'limiter'] as const;
export type Hook = (typeof hooks)[number];

export const isHook = (text: string): text is Hook => (hooks as readonly string[]).includes(text);

/** What the gate is asked in each mode: a feature that is on or off, and one with a soft limit, whose use is reported. */
export const requirements = {
  check: { feature: 'reports' },
  meter: { feature: 'calls', usage: 1 },
} as const;

/** The same key for all of them, and as cheap as it can be. */
export const accountHeader = 'x-account';

/** For the limiters: a minute, and more than anybody sends in it. */
export const windowMs = 60_000;
export const limit = 1_000_000_000;

export interface HookedApp {
  hook: Hook;
  /** Undefined where the hook needs none. */
  client: Tollgate | undefined;
  readCpu(): Promise<number>;
  port: number;
  host: string;
}
