import type { CatalogFeature, CatalogMeterCondition } from '@tollgate/contract';
import type { Problem } from './catalog-reading.js';

/** What is wrong with one feature, whatever uses it. */
export function featureProblems(feature: CatalogFeature): Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, rule: string) => problems.push({ field, rule });
  const isMetered = feature.featureType === 'NUMBER' && feature.meterType !== undefined && feature.meterType !== 'None';
  if (feature.featureType === 'ENUM' && !feature.enumConfiguration)
    refuse('enumConfiguration', 'is required for an enum');
  if (feature.featureType !== 'ENUM' && feature.enumConfiguration)
    refuse('enumConfiguration', 'applies to an enum only');
  if (feature.featureType !== 'NUMBER' && feature.meterType && feature.meterType !== 'None') {
    refuse('meterType', 'applies to a number only');
  }
  if (feature.unitTransformation && !isMetered) refuse('unitTransformation', 'needs a meterType other than None');
  const values = feature.enumConfiguration?.map(({ value }) => value) ?? [];
  if (new Set(values).size < values.length) refuse('enumConfiguration', 'must not list a value twice');
  if (feature.meter) problems.push(...meterProblems(feature.meter, isMetered));
  return problems;
}

function meterProblems(meter: NonNullable<CatalogFeature['meter']>, isMetered: boolean): Problem[] {
  const problems: Problem[] = [];
  if (!isMetered) problems.push({ field: 'meter', rule: 'needs a meterType other than None' });
  if (meter.aggregation !== 'COUNT' && meter.field === undefined) {
    problems.push({ field: 'meter.field', rule: `is required by ${meter.aggregation}` });
  }
  meter.filters.forEach(({ conditions }, filter) => {
    conditions.forEach((condition, index) => {
      const rule = conditionRule(condition);
      if (rule) problems.push({ field: `meter.filters.${filter}.conditions.${index}`, rule });
    });
  });
  return problems;
}

function conditionRule({ operation, value, values }: CatalogMeterCondition): string | undefined {
  if (operation === 'IN') {
    if (!values?.length) return 'needs values: IN compares with a list';
    return value === undefined ? undefined : 'must not have value: IN compares with values';
  }
  if (values !== undefined) return 'must not have values: only IN compares with a list';
  if (operation === 'IS_NULL' || operation === 'IS_NOT_NULL') {
    return value === undefined ? undefined : `must not have value: ${operation} compares with nothing`;
  }
  if (value === undefined) return `needs value: ${operation} compares with one`;
  if (/^(GREATER|LESS)/.test(operation) && typeof value !== 'number') return `needs a number as value for ${operation}`;
  if (/^(CONTAINS|STARTS|ENDS)/.test(operation) && typeof value !== 'string')
    return `needs a string as value for ${operation}`;
  return undefined;
}
