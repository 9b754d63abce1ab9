import { TollgateError } from '@tollgate/contract';
import type { Line } from './line.js';
import type { TestEnvironment } from './test-environment.js';

/** One outage at a time: a second one would end with the first. */
export function outageOf(line: Line): TestEnvironment['outage'] {
  const begin = (): (() => Promise<void>) => {
    if (line.isCut()) throw new TollgateError('CONFLICT', 'there is an outage already: end it first');
    line.cut();
    let ending: Promise<void> | undefined;
    return () => {
      ending ??= line.mend();
      return ending;
    };
  };
  async function outage<Result>(during?: () => Result | Promise<Result>) {
    const end = begin();
    if (!during) return end;
    try {
      return await during();
    } finally {
      await end();
    }
  }
  return outage as TestEnvironment['outage'];
}
