import { type Instant, type UnderlyingKind, underlyingKinds } from '@ballast/domain';
import { type NumberRange, override, parameterError, readList, readNumber, readObject } from '@ballast/margin';
import type { LiquidityTerms, SizingParameters } from './sizing-parameters';
import { sizingParametersAt } from './sizing-parameter-sets';

/** Largest share of a requirement or exposure that a firm may ask for: ten times as much. */
const share: NumberRange = { minimum: 0, maximum: 10 };
const portion: NumberRange = { minimum: 0, maximum: 1 };
const decay: NumberRange = { minimum: 0.8, maximum: 0.9999 };

type PlainKey = Exclude<
  keyof SizingParameters,
  'effectiveFrom' | 'source' | 'floorByKind' | 'leverageTiers' | 'liquidity'
>;

/** Figures that are one number each, and what they may be. */
const plainRanges: Readonly<Record<PlainKey, NumberRange>> = {
  shortfallConfidence: { minimum: 0.5, maximum: 0.9999 },
  liquidationDays: { minimum: 1, maximum: 250, integer: true },
  fastDecay: decay,
  slowDecay: decay,
  volatilityShare: share,
  volatilityRatioMaximum: { minimum: 1, maximum: 100 },
  concentrationFree: portion,
  concentrationShare: share,
  procyclicalityBuffer: share,
  stressRatio: { exclusiveMinimum: 0, maximum: 100 },
  stressWeight: portion,
  floorYears: { minimum: 1, maximum: 20 },
};

const liquidityRanges: Readonly<Record<keyof LiquidityTerms, NumberRange>> = {
  openInterestShare: portion,
  volumeShare: portion,
  excessSpreads: { minimum: 0 },
  optionSpread: { minimum: 0, maximum: 2 },
  otherSpread: { minimum: 0, maximum: 2 },
};

const floorRanges = Object.fromEntries(underlyingKinds.map((kind) => [kind, share])) as Record<
  UnderlyingKind,
  NumberRange
>;

const plainKeys = Object.keys(plainRanges) as readonly PlainKey[];

/**
 * Reads a firm's own figures for sizing, key by key over the published set in force at an instant; `leverageTiers` is
 * replaced as a whole.
 *
 * @param value  for example `{ "floorByKind": { "crypto": 0.3 }, "floorYears": 5, "liquidity": { "excessSpreads": 2 } }`
 * @param path   where it stands, for messages
 * @returns the published set when the value is undefined or states nothing
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value, a fast λ that is not below the slow
 *         one, or leverage tiers that do not rise
 */
export function parseSizingParameters(value: unknown, path: string, asOf: Instant): SizingParameters {
  const base = sizingParametersAt(asOf);
  if (value === undefined) return base;
  const object = readObject(value, path, [...plainKeys, 'floorByKind', 'leverageTiers', 'liquidity']);
  const own = ownKeys(object);
  if (own.length === 0) return base;
  const found: SizingParameters = {
    ...base,
    ...readNumbers(object, path, base, plainRanges),
    floorByKind: override(object, 'floorByKind', path, base.floorByKind, (given, where) =>
      readNumbers(readObject(given, where, underlyingKinds), where, base.floorByKind, floorRanges),
    ),
    leverageTiers: override(object, 'leverageTiers', path, base.leverageTiers, readTiers),
    liquidity: override(object, 'liquidity', path, base.liquidity, (given, where) =>
      readNumbers(readObject(given, where, Object.keys(liquidityRanges)), where, base.liquidity, liquidityRanges),
    ),
    source: `${base.source}; the firm's own: ${own.join(', ')}`,
  };
  if (!(found.fastDecay < found.slowDecay))
    throw parameterError(`${path}.fastDecay`, `expected a number below slowDecay ${found.slowDecay}`, found.fastDecay);
  return found;
}

/** What a firm states, in words: keys of the top, those within a key after it. */
function ownKeys(object: Readonly<Record<string, unknown>>): readonly string[] {
  const within = (key: string) => Object.keys((object[key] ?? {}) as object).sort();
  return Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .flatMap((key) => {
      if (key !== 'liquidity' && key !== 'floorByKind') return [key];
      const names = within(key);
      return names.length === 0 ? [] : [`${key} ${names.join(', ')}`];
    });
}

/** Numbers by key, each within its range; what is not given stays. */
function readNumbers<Key extends string>(
  object: Readonly<Record<string, unknown>>,
  path: string,
  base: Readonly<Record<Key, number>>,
  ranges: Readonly<Record<Key, NumberRange>>,
): Record<Key, number> {
  const read = (key: Key) =>
    override(object, key, path, base[key], (given, where) => readNumber(given, where, ranges[key]));
  return Object.fromEntries((Object.keys(ranges) as Key[]).map((key) => [key, read(key)])) as Record<Key, number>;
}

function readTiers(value: unknown, path: string): SizingParameters['leverageTiers'] {
  const tiers = readList(
    value,
    path,
    (item, where) => {
      const tier = readObject(item, where, ['from', 'share']);
      return {
        from: readNumber(tier['from'], `${where}.from`, { minimum: 0 }),
        share: readNumber(tier['share'], `${where}.share`, share),
      };
    },
    1,
  );
  tiers.forEach(({ from }, place) => {
    if (place > 0 && !(from > (tiers[place - 1] as { from: number }).from))
      throw parameterError(`${path}.${place}.from`, 'expected tiers by rising leverage', from);
  });
  return tiers;
}
