import { describe, expect, test } from 'vitest';
import { JsonSyntaxError, lineOfPath, readJsonWithLines } from '../src/json-lines.js';

const text = `{
  "plans": {
    "plan-pro": { "displayName": "Pro" },
    "plan-pro.eu": {
      "entitlements": {
        "feature-x": {
          "usageLimit": -1
        }
      },
      "billingPeriods": [
        "MONTHLY",
        "WEEKLY"
      ]
    }
  }
}`;

function syntaxError(broken: string): JsonSyntaxError {
  try {
    readJsonWithLines(broken);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
  throw new Error('was read');
}

describe('JSON with lines', () => {
  test('reads what JSON.parse reads', () => {
    const odd = '\n{"a":[1,-2.5e3,true,false,null,"\\u00e4\\"\\\\"],"":{},"b":[]}\t';
    expect(readJsonWithLines(odd).value).toEqual(JSON.parse(odd));
  });

  test.each([
    ['plans.plan-pro.displayName', 3],
    ['plans.plan-pro.eu.entitlements.feature-x.usageLimit', 7],
    ['plans.plan-pro.eu.billingPeriods.1', 12],
    ['plans.plan-pro.eu.billingPeriods[1]', 12],
  ])('knows the line of %s', (path, line) => {
    expect(lineOfPath(readJsonWithLines(text), path)).toBe(line);
  });

  test('gives the line of what is around a field that is missing', () => {
    expect(lineOfPath(readJsonWithLines(text), 'plans.plan-pro.eu.pricingType')).toBe(4);
    expect(lineOfPath(readJsonWithLines(text), 'products')).toBe(1);
  });

  test.each([
    ['{\n  "a": 1,\n}', 3, 1, 'expected a key in double quotes, found "}"'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'expected "," or "}", found "\\""'],
    ['{ "a": tru }', 1, 8, 'expected a value, found "t"'],
    ['{ "a": 1 }\n{', 2, 1, 'expected the end of the file, found "{"'],
    ['{ "a":\n', 2, 1, 'expected a value, found the end of the file'],
    ['{ "a": "x\ty" }', 1, 8, 'this string holds an unknown escape or a control character'],
  ])('names the place of what is wrong in %j', (broken, line, column, message) => {
    expect(syntaxError(broken)).toMatchObject({ line, column, message });
  });
});
