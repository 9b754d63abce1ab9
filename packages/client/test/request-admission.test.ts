import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { RequestAdmission } from '../src/gate/admission.js';
import { mergeAdmissions } from '../src/gate.js';
import { askedFor } from './asked-builder.js';
import { acme, at, callsCounter, gateMemory, noon, softCalls, sso } from './known-grant-builders.js';
import { entitlement } from './snapshot-builders.js';

describe('an admission', () => {
  const { admit, decide } = gateMemory();
  const view = at(acme([softCalls(), entitlement({ feature: sso })], [callsCounter(0n)]), noon);
  const measured: bigint[] = [];
  const charge = { name: 'calls', measure: (amount: bigint) => void measured.push(amount), settle: () => {} };
  const ofCalls = () => admit({ assessment: decide(askedFor({ feature: 'calls', usage: 1 }), view), charge }).admission;
  const ofSso = () => admit({ assessment: decide(askedFor({ feature: 'sso' }), view) }).admission;

  test('as JSON and printed shows whose it is and what it grants, and no more', () => {
    const json = JSON.parse(JSON.stringify(ofSso()));
    expect(json).toEqual({
      customerId: 'acme',
      resourceId: null,
      entitlements: {
        sso: {
          featureId: 'sso',
          currencyId: null,
          type: 'BOOLEAN',
          hasAccess: true,
          isFallback: false,
          source: 'cache',
          currentUsage: 0,
          usageLimit: null,
          remaining: null,
          isUnlimited: false,
          hasSoftLimit: false,
          value: null,
          enumValues: [],
          resetAt: null,
        },
      },
    });
    expect(inspect(ofSso(), { depth: 9 })).toBe(inspect(json, { depth: 9 }));
  });

  test('can be measured by a function that was taken out of it', () => {
    const { measure, entitlements } = ofCalls();
    expect(Object.keys(entitlements)).toEqual(['calls']);
    measure(2.5);
    expect(measured.splice(0)).toEqual([2_500_000n]);
    expect(() => measure(1, 'sso')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  test('put together of two shows the features of both, and charges what each of them charges', () => {
    const merged = mergeAdmissions(ofCalls(), ofSso());
    expect(Object.keys(merged.entitlements)).toEqual(['calls', 'sso']);
    expect(Object.keys(JSON.parse(JSON.stringify(merged)).entitlements)).toEqual(['calls', 'sso']);
    expect([merged, merged.entitlements].map(Object.isFrozen)).toEqual([true, true]);
    const { measure } = merged;
    measure(4, 'calls');
    expect(measured.splice(0)).toEqual([4_000_000n]);
    expect(RequestAdmission.chargesOf(merged).map(({ name }) => name)).toEqual(['calls']);
  });
});
