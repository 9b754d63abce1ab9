import type { CatalogCurrency, CatalogDocument, CatalogFeature } from '@tollgate/contract';
import type { FeatureEntitlementType } from './results.js';

export type { CatalogDocument } from '@tollgate/contract';

/**
 * Where an application names its catalog once, so that the compiler knows its feature and currency ids everywhere:
 * `declare module '@tollgate/client' { interface Register { catalog: typeof catalog } }`. While it is empty, ids are
 * plain strings.
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications add the one member.
export interface Register {}

/** The catalog that the program has registered; without one, any catalog. */
export type Registered = Register extends { catalog: infer Catalog } ? Catalog : CatalogDocument;

/** A catalog whose ids the compiler knows. */
export interface TypedCatalog<Features, Currencies> extends Omit<CatalogDocument, 'features' | 'customCurrencies'> {
  features: Features;
  customCurrencies?: Currencies;
}

/** Gives back the catalog as it is, with its ids and the kinds of its features in its type. */
export function defineCatalog<
  const Features extends Record<string, Pick<CatalogFeature, 'featureType' | 'meterType'>>,
  const Currencies extends Record<string, unknown> = Record<never, never>,
>(
  catalog: TypedCatalog<Features & Record<string, CatalogFeature>, Currencies & Record<string, CatalogCurrency>>,
): TypedCatalog<Features, Currencies> {
  return catalog;
}

/** The ids of a catalog's features, of all kinds or of some. */
export type FeatureId<
  Catalog = Registered,
  Kind extends FeatureEntitlementType = FeatureEntitlementType,
> = Catalog extends { features: infer Features } ? IdOfKind<Features, Kind> : string;

/** The ids of a catalog's currencies. */
export type CurrencyId<Catalog = Registered> = Catalog extends { customCurrencies?: infer Currencies }
  ? keyof NonNullable<Currencies> & string
  : never;

type IdOfKind<Features, Kind> = string extends keyof Features
  ? string
  : { [Id in keyof Features]: KindOf<Features[Id]> & Kind extends never ? never : Id }[keyof Features] & string;

// What a catalog that was read from JSON leaves open, as it says `string` where one word stands, may be of any kind.
type KindOf<Feature> = Feature extends { featureType: infer Type }
  ? Type extends 'NUMBER'
    ? NumberKindOf<Feature>
    : Type extends 'BOOLEAN' | 'ENUM'
      ? Type
      : FeatureEntitlementType
  : FeatureEntitlementType;

type NumberKindOf<Feature> = Feature extends { meterType: infer Meter }
  ? Meter extends 'INCREMENTAL' | 'FLUCTUATING'
    ? 'METERED'
    : Meter extends 'None'
      ? 'NUMERIC'
      : 'NUMERIC' | 'METERED'
  : 'NUMERIC';
