import { Bench } from 'tinybench';

/** One figure of ours beside what a user would pick instead, measured in the same run. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  ours(): void | Promise<void>;
  /** What a user would pick instead, in a few words. */
  readonly beside: string;
  theirs(): void | Promise<void>;
  /** How many units one call of `ours` or `theirs` does. */
  readonly perRun: number;
}

export interface Figures {
  readonly oursPerSecond: number;
  readonly theirsPerSecond: number;
}

/** Runs each side for `timeMs`, after a warm-up of the same length. */
export async function measure({ ours, theirs, perRun }: Comparison, timeMs = 1000): Promise<Figures> {
  const bench = new Bench({ time: timeMs, warmupTime: timeMs, throws: true });
  bench.add('ours', ours).add('theirs', theirs);
  await bench.run();
  const perSecond = (name: string): number => {
    const result = bench.getTask(name)?.result;
    if (!result || !('throughput' in result)) throw new Error(`${name} was not measured`);
    return result.throughput.mean * perRun;
  };
  return { oursPerSecond: perSecond('ours'), theirsPerSecond: perSecond('theirs') };
}
