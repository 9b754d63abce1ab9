import type { CatalogCreditEntitlement, CatalogCreditRate, CatalogFeature } from '@tollgate/contract';
import type { CatalogReading, Problem } from './catalog-reading.js';

/** What is wrong with the recurring credits of a plan or an add-on. */
export function creditEntitlementProblems(
  { entries, ids }: CatalogReading,
  currencyId: string,
  given: CatalogCreditEntitlement,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, rule: string) => problems.push({ field, rule });
  if (!ids.customCurrencies.has(currencyId)) refuse('', 'names no currency of this catalog');
  for (const field of ['amount', 'cadence'] as const) {
    if (given.isCustom && given[field] !== undefined)
      refuse(field, 'must be left out where isCustom is true: provisioning gives it');
    if (!given.isCustom && given[field] === undefined) refuse(field, 'is required unless isCustom is true');
  }
  const { dependencyFeatureId: featureId } = given;
  if (featureId === undefined) return problems;
  const feature = entries.features[featureId];
  if (!ids.features.has(featureId))
    refuse('dependencyFeatureId', `names ${featureId}, which is no feature of this catalog`);
  else if (feature && feature.featureType !== 'NUMBER')
    refuse('dependencyFeatureId', `names ${featureId}, which has no limit to multiply by: it is no number`);
  return problems;
}

/** What is wrong with what a metered feature costs in credits, whatever the currency. */
export function creditRateProblems(rate: CatalogCreditRate, { meter }: CatalogFeature): Problem[] {
  const problems: Problem[] = [];
  if (rate.amount === undefined && rate.costFormula === undefined)
    problems.push({ field: 'creditRate', rule: 'needs amount or costFormula' });
  if (rate.amount !== undefined && rate.costFormula !== undefined)
    problems.push({ field: 'creditRate.costFormula', rule: 'must be left out where amount is given' });
  // An average or a minimum falls as often as it rises: no event has a price of its own in it.
  if (meter?.aggregation === 'AVG' || meter?.aggregation === 'MIN') {
    const rule = `needs a meter that aggregates in another way: no single event has a cost in ${meter.aggregation}`;
    problems.push({ field: 'creditRate', rule });
  }
  return problems;
}
