/** Resolves with the promise's value, or with undefined when `ms` pass first or the promise rejects. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.min(Math.max(ms, 0), timerMaxMs), undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** The longest delay that a Node.js timer takes. */
export const timerMaxMs = 2_147_483_647;
