import { describe, expect, test } from 'vitest';
import { defineRequirements } from '../src/gate.js';

const refusal = (input: unknown): { code: string; message: string } => {
  try {
    defineRequirements(input as never, 'POST /reports');
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('was accepted');
};

describe('a requirement', () => {
  test('may be a bare feature id, which any kind of feature satisfies', () => {
    const [declared] = defineRequirements('feature-sso');
    expect(declared).toMatchObject({
      target: { featureId: 'feature-sso' },
      mode: undefined,
      usage: undefined,
      expectedType: undefined,
    });
  });

  test('asks for the kind of feature that its fields belong to', () => {
    const kinds = [{ usage: 1 }, { values: 'pdf' }, { atMost: 5 }, { mode: 'meter' as const }].map(
      (fields) => defineRequirements({ feature: 'f', ...fields })[0]?.expectedType,
    );
    expect(kinds).toEqual(['METERED', 'ENUM', 'NUMERIC', 'METERED']);
  });

  test('keeps amounts in exact millionths, from numbers and from decimal strings', () => {
    expect(defineRequirements({ feature: 'f', usage: 1.5 })[0]?.usage).toBe(1_500_000n);
    expect(defineRequirements({ feature: 'f', usage: '-2.000001' })[0]?.usage).toBe(-2_000_001n);
  });

  test('that is declared twice is two, unless both carry one id', () => {
    const ids = ['f', 'f', { feature: 'f', id: 'one' }, { feature: 'f', id: 'one' }].map(
      (input) => defineRequirements(input)[0]?.id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test.each([
    ['a key that is not known', { feature: 'f', usgae: 1 }, 'POST /reports.usgae is not known'],
    ['no feature', {}, 'POST /reports.feature must be a string'],
    ['an empty feature id', '', 'POST /reports.feature must not be empty'],
    ['nothing at all', undefined, 'POST /reports must be a feature id'],
    ['an empty list', [], 'POST /reports must name at least one feature'],
    ['NaN usage', { feature: 'f', usage: Number.NaN }, 'POST /reports.usage must be a finite number'],
    ['seven decimals', { feature: 'f', usage: 0.1234567 }, 'POST /reports.usage must have at most 6 decimal places'],
    ['an empty list of values', { feature: 'f', values: [] }, 'POST /reports.values must be a string or a list'],
    [
      'a mode that is not one',
      { feature: 'f', mode: 'metre' },
      "POST /reports.mode must be 'check', 'meter' or 'reserve'",
    ],
    ['an idempotent check', { feature: 'f', idempotent: true }, 'POST /reports.idempotent needs usage: nothing else'],
    [
      'an idempotent meter',
      { feature: 'f', usage: 1, mode: 'meter', idempotent: true },
      'POST /reports.idempotent cannot stand beside the mode meter',
    ],
    [
      'what is given back idempotently',
      { feature: 'f', usage: -1, idempotent: true },
      'POST /reports.idempotent needs usage that is not negative',
    ],
    [
      'idempotent as text',
      { feature: 'f', usage: 1, idempotent: 'yes' },
      'POST /reports.idempotent must be true or false',
    ],
    ['usage and values', { feature: 'f', usage: 1, values: 'a' }, 'POST /reports asks for usage and values'],
    ['an enum that is metered', { feature: 'f', values: 'a', mode: 'meter' }, 'POST /reports.mode cannot be meter'],
    [
      'a customer that is not a function',
      { feature: 'f', customer: 'acme' },
      'POST /reports.customer must be a function',
    ],
    [
      'one metered feature twice',
      [
        { feature: 'f', usage: 1 },
        { feature: 'f', usage: 2 },
      ],
      'the metered feature f twice',
    ],
    ['a feature and a currency', { feature: 'f', currency: 'c' }, 'must name either a feature or a currency'],
    ['a hold on values', { feature: 'f', values: 'pdf', mode: 'reserve' }, 'cannot be reserve together with values'],
    ['values of a currency', { currency: 'c', values: 'pdf' }, 'credits have only usage'],
    ['credits given back', { currency: 'c', usage: -1 }, 'POST /reports.usage must not be negative'],
    [
      'one currency twice',
      [
        { currency: 'c', usage: 1 },
        { currency: 'c', usage: 2 },
      ],
      'the currency c twice',
    ],
    ['an any that is no list', { any: 'f' }, 'POST /reports.any must be a list'],
    ['an any of nothing', { any: [] }, 'POST /reports.any must name at least one feature'],
    ['an alternative of nothing', { any: ['f', []] }, 'POST /reports.any[1] must name at least one feature'],
    ['an any in an any', { any: ['f', { any: ['g', 'h'] }] }, 'POST /reports.any[1] must not hold any'],
    ['a feature beside any', { any: ['f', 'g'], feature: 'h' }, 'POST /reports.feature cannot stand beside any'],
    ['a mistake in an alternative', { any: ['f', { feature: 'g', mod: 1 }] }, 'POST /reports.any[1].mod is not known'],
    ['an id in an alternative', { any: ['f', { feature: 'g', id: 'one' }] }, 'POST /reports.any[1].id cannot stand'],
    [
      'one metered feature in an alternative and beside it',
      [{ feature: 'f', usage: 1 }, { any: ['g', { feature: 'f', usage: 2 }] }],
      'the metered feature f twice',
    ],
    [
      'one metered feature in two anys',
      [{ any: ['g', { feature: 'f', usage: 1 }] }, { any: ['h', { feature: 'f', usage: 2 }] }],
      'the metered feature f twice',
    ],
    ['a mistake in the second of two', ['f', { feature: 'g', mod: 1 }], 'POST /reports[1].mod is not known'],
  ])('with %s is refused, naming the field', (_, input, message) => {
    const error = refusal(input);
    expect(error.code).toBe('CONFIGURATION');
    expect(error.message).toContain(message);
  });

  test('may name a currency in place of a feature', () => {
    const [declared] = defineRequirements({ currency: 'credits-ai', usage: 5 });
    expect(declared).toMatchObject({
      target: { currencyId: 'credits-ai' },
      name: 'credits-ai',
      expectedType: 'CREDIT',
      usage: 5_000_000n,
    });
  });

  test('all is a list, wherever it stands', () => {
    const names = defineRequirements(['a', { all: ['b', { feature: 'c', usage: 1 }] }]).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  test('any marks what stands in each alternative, and nothing beside it', () => {
    const declared = defineRequirements(['a', { any: ['b', ['c', 'd']] }, { any: ['e'] }]);
    expect(declared.map(({ name, alternative }) => [name, alternative?.index])).toEqual([
      ['a', undefined],
      ['b', 0],
      ['c', 1],
      ['d', 1],
      ['e', 0],
    ]);
    expect(new Set(declared.map(({ alternative }) => alternative?.of)).size).toBe(3);
  });

  test('one counter may stand in several alternatives: only one of them is charged', () => {
    const any = [
      { feature: 'f', usage: 2 },
      { feature: 'f', usage: 1 },
    ] as const;
    expect(defineRequirements({ any })).toHaveLength(2);
  });
});
