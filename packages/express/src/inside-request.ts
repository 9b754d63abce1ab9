/**
 * True when the caller runs inside a request handler of Express 4 or 5: a middleware made there is made anew for every
 * request and remembers nothing. The call stack is the only place that tells; it costs nothing after the start.
 */
export function isInsideRequest(): boolean {
  return /\bLayer\.(handle \[as handle_request\]|handle_request|handleRequest)/.test(new Error().stack ?? '');
}
