/** A value that is there, or will be. */
export type Soon<T> = T | Promise<T>;

/** Goes on with a value: at once where it is there, so that a request that waits for nothing makes no promise. */
export function after<T, U>(value: Soon<T>, goOn: (value: T) => Soon<U>): Soon<U> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

/** What a function of the application answered: promises come in many makes. */
export function soon<T>(answer: T | PromiseLike<T>): Soon<T> {
  const isPending = typeof (answer as PromiseLike<T> | null | undefined)?.then === 'function';
  return isPending ? Promise.resolve(answer) : (answer as T);
}
