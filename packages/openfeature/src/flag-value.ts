import type { JsonValue } from '@openfeature/server-sdk';
import type { Entitlement } from '@tollgate/client';

/** The kinds of flag that OpenFeature asks for, and what each is made of. */
export interface FlagValues {
  boolean: boolean;
  number: number;
  string: string;
  object: JsonValue;
}

export type FlagKind = keyof FlagValues;
type FeatureKind = Entitlement['type'];

/** Which features can be read as which flags: any as a yes or no, and as a whole. */
const readableAs: Readonly<Record<FlagKind, readonly FeatureKind[]>> = {
  boolean: ['BOOLEAN', 'NUMERIC', 'METERED', 'ENUM'],
  number: ['NUMERIC', 'METERED'],
  string: ['ENUM'],
  object: ['BOOLEAN', 'NUMERIC', 'METERED', 'ENUM'],
};

export function isReadableAs(flag: FlagKind, feature: FeatureKind): boolean {
  return readableAs[flag].includes(feature);
}

/** What an entitlement is worth as a flag of each kind. A known no is the empty value of the kind: false, 0, ''. */
export const flagValues: { readonly [Kind in FlagKind]: (entitlement: Entitlement) => FlagValues[Kind] } = {
  boolean: ({ hasAccess }) => hasAccess,
  number(entitlement) {
    if (!entitlement.hasAccess) return 0;
    if (entitlement.type === 'NUMERIC') return entitlement.isUnlimited ? Infinity : (entitlement.value ?? 0);
    if (entitlement.type !== 'METERED') return 0;
    return entitlement.isUnlimited ? Infinity : Math.max(0, (entitlement.usageLimit ?? 0) - entitlement.currentUsage);
  },
  string: (entitlement) =>
    entitlement.hasAccess && entitlement.type === 'ENUM' ? entitlement.enumValues.join(',') : '',
  // By way of JSON, so that what is promised to be JSON is: instants become ISO 8601.
  object: (entitlement) => JSON.parse(JSON.stringify(entitlement)),
};
