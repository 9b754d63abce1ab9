import { expect, it } from 'vitest';
import { assertCustomerId, assertId } from '../src/index.js';

it.each(['a', '7', 'feature-reports', 'a_b|c.d-e', 'constructor', '__proto__'.slice(2), 'x'.repeat(255)])(
  'takes %s as an id',
  (id) => {
    expect(() => assertId(id, 'featureId')).not.toThrow();
    expect(() => assertCustomerId(id)).not.toThrow();
  },
);

it.each([
  ['', 'must not be empty'],
  ['x'.repeat(256), 'must have at most 255 characters'],
  ['-a', 'must start with a letter or digit'],
  ['__proto__', 'must start with a letter or digit'],
  ['a b', 'hold only letters, digits'],
  ['a\n', 'hold only letters, digits'],
  ['a{b}', 'hold only letters, digits'],
  ['ä', 'must start with a letter or digit'],
  [7, 'must be a string'],
  [null, 'must be a string'],
  [undefined, 'must be a string'],
])('refuses %o by name and rule', (id, rule) => {
  for (const check of [() => assertId(id, 'planId'), () => assertCustomerId(id, 'planId')]) {
    expect(check).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', field: 'planId' }));
    expect(check).toThrow(rule);
  }
});

it('takes an @ in customer ids only, and not as the first character', () => {
  expect(() => assertCustomerId('ann@example.org')).not.toThrow();
  expect(() => assertCustomerId('@ann')).toThrow('customerId must start with a letter or digit');
  expect(() => assertId('ann@example.org', 'resourceId')).toThrow('resourceId');
});
