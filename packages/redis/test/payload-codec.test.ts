import { expect, it } from 'vitest';
import { payloadCodec } from '../src/entry.js';

const first = payloadCodec(1);
const second = payloadCodec(2, (previous) => ({ count: (previous as { n: number }).n }));

it('reads its own format as it is, and the one before it upgraded', () => {
  expect(second.read(second.write({ count: 3 }))).toEqual({ count: 3 });
  expect(second.read(first.write({ n: 3 }))).toEqual({ count: 3 });
});

it('reads nothing of a later format, of one two before, or of an earlier one that it cannot upgrade', () => {
  expect(first.read(second.write({ count: 3 }))).toBeUndefined();
  expect(payloadCodec(3, (previous) => previous).read(first.write({ n: 3 }))).toBeUndefined();
  expect(payloadCodec(2).read(first.write({ n: 3 }))).toBeUndefined();
});
