/** One request of the tour as a person reads it. */
export interface Row {
  request: string;
  customer: string;
  status: number;
  reason: string;
  usedOfLimit: string;
}

const widths = { request: 24, customer: 20, status: 6, reason: 34 } as const;

export const tableHeader = [
  'request'.padEnd(widths.request),
  'customer'.padEnd(widths.customer),
  'status'.padEnd(widths.status),
  'reason'.padEnd(widths.reason),
  'used/limit',
].join('  ');

export function formatRow(row: Row): string {
  return [
    row.request.padEnd(widths.request),
    row.customer.padEnd(widths.customer),
    String(row.status).padEnd(widths.status),
    row.reason.padEnd(widths.reason),
    row.usedOfLimit,
  ].join('  ');
}

interface Problem {
  code?: string;
  reason?: string;
  used?: number;
  limit?: number;
  resetAt?: string;
}

/** Sends one real request and reads the answer's status, problem body and quota headers. */
export async function sendRequest(url: string, request: string, customer: string, body?: object): Promise<Row> {
  const [method, path] = request.split(' ') as [string, string];
  const response = await fetch(url + path, {
    method,
    headers: { 'x-account': customer, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  const problem: Problem = isProblem ? JSON.parse(text) : {};
  return {
    request,
    customer,
    status: response.status,
    reason: isProblem
      ? `${problem.code}${problem.resetAt ? `, resets ${problem.resetAt.slice(0, 10)}` : ''}`
      : 'allowed',
    usedOfLimit: problem.limit === undefined ? quotaOf(response.headers) : `${problem.used ?? '–'}/${problem.limit}`,
  };
}

/** `RateLimit-Policy: "…";q=50;w=…` and `RateLimit: "…";r=47;t=…` say the limit and what remains of it. */
function quotaOf(headers: Headers): string {
  const limit = /;q=(\d+)/.exec(headers.get('ratelimit-policy') ?? '')?.[1];
  const remaining = /;r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
  return limit && remaining ? `${Number(limit) - Number(remaining)}/${limit}` : '–';
}
