import { buildSchema, GraphQLError, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { operationLimits, withinLimits } from '../src/operation-limits.js';
import { createOperations, parseWithinLimits } from '../src/operations.js';
import { executableSchema } from '../src/schema.js';

const schema = buildSchema('type Query { a: Query, b: Int }');
const problems = (text: string): string[] =>
  validate(schema, parse(text), [withinLimits]).map(({ message }) => message);
const nested = (depth: number): string => (depth === 1 ? 'b' : `a { ${nested(depth - 1)} }`);
const aliases = (count: number): string => Array.from({ length: count }, (_, index) => `x${index}: b`).join(' ');

describe('operation limits', () => {
  test('let 16 levels pass and refuse 17', () => {
    expect(problems(`{ ${nested(16)} }`)).toEqual([]);
    expect(problems(`{ ${nested(17)} }`)).toEqual(['The operation has depth 17; at most 16 is allowed.']);
  });

  test('count aliases at the top: 10 pass, 11 do not', () => {
    expect(problems(`{ ${aliases(10)} }`)).toEqual([]);
    expect(problems(`{ ${aliases(11)} }`)).toEqual(['The operation has root fields: 11; at most 10 is allowed.']);
    expect(problems(`{ ...f } fragment f on Query { ${aliases(11)} }`)).toHaveLength(1);
  });

  test('count the fields of a fragment wherever it is spread', () => {
    const bomb = Array.from(
      { length: 30 },
      (_, index) => `fragment f${index} on Query { x: a { ...f${index + 1} } y: a { ...f${index + 1} } }`,
    );
    const text = `{ a { ...f0 } } ${bomb.join(' ')} fragment f30 on Query { b }`;
    expect(problems(text).some((message) => message.includes('fields:'))).toBe(true);
  });

  test('end on fragments that spread each other in a circle', () => {
    expect(problems('{ ...f } fragment f on Query { a { ...g } } fragment g on Query { a { ...f } }')).toEqual([]);
  });

  test('take one operation in a text', () => {
    expect(problems('query a { b } query c { b }')).toEqual(['A request takes one operation, not several.']);
  });

  test('bound the text before it is parsed', () => {
    expect(() => parseWithinLimits(`{ ping ${'#'.repeat(operationLimits.textLengthMax)}\n}`)).toThrow(GraphQLError);
    expect(() => parseWithinLimits(`{ ${'b '.repeat(operationLimits.tokensMax)} }`)).toThrow(/tokens/);
  });

  test('let GraphQL describe its own schema', () => {
    const operations = createOperations(executableSchema());
    expect(
      operations.compile(
        '{ __schema { types { name fields { name type { name ofType { name ofType { name } } } } } } }',
      ).kind,
    ).toBe('query');
  });

  test('keep a compiled operation, and no more of them than asked', () => {
    const operations = createOperations(executableSchema(), 2);
    const first = operations.compile('{ ping }');
    expect(operations.compile('{ ping }')).toBe(first);
    operations.compile('{ a: ping }');
    operations.compile('{ b: ping }');
    expect(operations.compile('{ ping }')).not.toBe(first);
  });
});
