import { expect, it } from 'vitest';
import { payloadCodec } from '../src/entry-format.js';

const first = payloadCodec(1);
const second = payloadCodec(2, (kind, previous) => ({ kind, count: (previous as { n: number }).n }));

it('reads its own format as it is, and the one before it upgraded', () => {
  expect(second.read('usage', second.write({ count: 3 }))).toEqual({ count: 3 });
  expect(second.read('usage', first.write({ n: 3 }))).toEqual({ kind: 'usage', count: 3 });
});

it('reads nothing of a later format, of one two before, or of an earlier one that it cannot upgrade', () => {
  expect(first.read('usage', second.write({ count: 3 }))).toBeUndefined();
  expect(payloadCodec(3, (_kind, previous) => previous).read('usage', first.write({ n: 3 }))).toBeUndefined();
  expect(payloadCodec(2).read('usage', first.write({ n: 3 }))).toBeUndefined();
});
