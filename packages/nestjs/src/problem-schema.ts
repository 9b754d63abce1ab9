import type { Problem } from '@tollgate/client/gate';

/** The name of a problem among the document's schemas. */
export const problemName = 'EntitlementProblem';

const text = { type: 'string' };
const amount = { type: 'number' };

/** The body of a denial as a JSON schema, in the words of OpenAPI 3.0 or of a later version. */
export function problemSchema(openapi: string): object {
  const nullable = openapi.startsWith('3.0') ? { type: 'string', nullable: true } : { type: ['string', 'null'] };
  const properties: Record<keyof Problem, object> = {
    type: { ...text, description: 'Stable: `urn:tollgate:problem:` and the code' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: { ...text, description: 'The path of the request' },
    code: { ...text, description: 'What a caller can do about it, in one word' },
    reason: { ...text, description: 'The reason in the words of the domain' },
    featureId: text,
    currencyId: text,
    limit: amount,
    used: amount,
    requested: amount,
    remaining: amount,
    resetAt: { ...nullable, format: 'date-time', description: 'When usage starts again from zero' },
    retryable: { type: 'boolean' },
    'violated-policies': { type: 'array', items: text },
    availableIn: {
      type: 'array',
      description: 'The plans and add-ons that would have let the request in, the cheapest first',
      items: {
        type: 'object',
        required: ['type', 'id', 'displayName'],
        properties: { type: { ...text, enum: ['plan', 'addon'] }, id: text, displayName: text },
      },
    },
    upgradeUrl: { ...text, format: 'uri' },
    decisionId: text,
    source: { ...text, enum: ['live', 'cache', 'stale', 'fallback'] },
  };
  return { type: 'object', description: 'RFC 9457', required: ['type', 'title', 'status'], properties };
}
