import type { FeatureEntitlementType } from '../results.js';
import type { CurrencyId, FeatureId, Registered } from '../typed-catalog.js';
import type { RequirementDetails } from './gate-types.js';

declare const nothing: unique symbol;

// Nothing is of these types: where one of them stands, the compiler says its name. Leaving the field out would not do,
// since frameworks infer the type of what they are given, and then no field is too many.
export interface OnlyForMeteredFeatures {
  [nothing]: never;
}
export interface OnlyForNumericFeatures {
  [nothing]: never;
}
export interface OnlyForEnumFeatures {
  [nothing]: never;
}

type Field = 'usage' | 'mode' | 'idempotent' | 'atMost' | 'values';

interface NotMetered {
  usage?: OnlyForMeteredFeatures;
  mode?: OnlyForMeteredFeatures;
  idempotent?: OnlyForMeteredFeatures;
}
interface NotNumeric {
  atMost?: OnlyForNumericFeatures;
}
interface NotEnum {
  values?: OnlyForEnumFeatures;
}

/** What a route may say of a boolean feature, besides its id. */
export interface BooleanDetails<Request>
  extends Omit<RequirementDetails<Request>, Field>,
    NotMetered,
    NotNumeric,
    NotEnum {}
/** Of a numeric feature. */
export interface NumericDetails<Request>
  extends Omit<RequirementDetails<Request>, Exclude<Field, 'atMost'>>,
    NotMetered,
    NotEnum {}
/** Of an enum feature. */
export interface EnumDetails<Request>
  extends Omit<RequirementDetails<Request>, Exclude<Field, 'values'>>,
    NotMetered,
    NotNumeric {}
/** Of a metered feature, or of credits. */
export interface MeteredDetails<Request>
  extends Omit<RequirementDetails<Request>, 'atMost' | 'values'>,
    NotNumeric,
    NotEnum {}

interface DetailsByKind<Request> {
  BOOLEAN: BooleanDetails<Request>;
  NUMERIC: NumericDetails<Request>;
  ENUM: EnumDetails<Request>;
  METERED: MeteredDetails<Request>;
}

/** What may be said of the feature with this id: by its kind in a catalog that is known, else everything. */
export type DetailsOf<Id, Request = unknown, Catalog = Registered> =
  string extends FeatureId<Catalog>
    ? RequirementDetails<Request>
    : {
        [Kind in FeatureEntitlementType]: Id extends FeatureId<Catalog, Kind> ? DetailsByKind<Request>[Kind] : never;
      }[FeatureEntitlementType];

/** What a route needs: a feature, or credits of a currency. A bare feature id is short for `{ feature }`. */
export type Requirement<Request = unknown, Catalog = Registered> =
  string extends FeatureId<Catalog>
    ? RequirementDetails<Request> &
        ({ feature: string; currency?: undefined } | { currency: string; feature?: undefined })
    : TypedRequirement<Request, Catalog>;

type TypedRequirement<Request, Catalog> =
  | {
      [Kind in FeatureEntitlementType]: {
        feature: FeatureId<Catalog, Kind>;
        currency?: undefined;
      } & DetailsByKind<Request>[Kind];
    }[FeatureEntitlementType]
  | ({ currency: CurrencyId<Catalog>; feature?: undefined } & MeteredDetails<Request>);

/** One requirement: its feature id alone, or with details. */
export type OneRequirement<Request = unknown, Catalog = Registered> =
  | FeatureId<Catalog>
  | Requirement<Request, Catalog>;

/** Required together, like a list. */
export interface AllOf<Request = unknown, Catalog = Registered> {
  all: readonly OneRequirement<Request, Catalog>[];
  feature?: undefined;
  currency?: undefined;
}

/**
 * Alternatives: the first that passes is the one that counts and is charged, and only when none does the request is
 * denied. An alternative may be several requirements together, and never another `any`.
 */
export interface AnyOf<Request = unknown, Catalog = Registered> {
  any: readonly (
    | OneRequirement<Request, Catalog>
    | AllOf<Request, Catalog>
    | readonly OneRequirement<Request, Catalog>[]
  )[];
  feature?: undefined;
  currency?: undefined;
}

/** Several requirements: all of them are required, decided together. */
export type RequirementList<Request = unknown, Catalog = Registered> = readonly (
  | OneRequirement<Request, Catalog>
  | AnyOf<Request, Catalog>
  | AllOf<Request, Catalog>
)[];

export type RequirementInput<Request = unknown, Catalog = Registered> =
  | OneRequirement<Request, Catalog>
  | AnyOf<Request, Catalog>
  | AllOf<Request, Catalog>
  | RequirementList<Request, Catalog>;
