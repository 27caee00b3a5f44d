import type { Instant } from '@ballast/domain';
import { type NumberRange, override, readNumber, readObject } from '@ballast/margin';
import type { LiquidityTerms, SizingParameters } from './sizing-parameters';
import { sizingParametersAt } from './sizing-parameter-sets';

const liquidityRanges: Readonly<Record<keyof LiquidityTerms, NumberRange>> = {
  openInterestShare: { minimum: 0, maximum: 1 },
  volumeShare: { minimum: 0, maximum: 1 },
  excessSpreads: { minimum: 0 },
  optionSpread: { minimum: 0, maximum: 2 },
  otherSpread: { minimum: 0, maximum: 2 },
};

/**
 * Reads a firm's own figures for sizing, key by key over the published set in force at an instant.
 *
 * @param value  for example `{ "liquidity": { "openInterestShare": 0.05, "excessSpreads": 2 } }`
 * @param path   where it stands, for messages
 * @returns the published set when the value is undefined
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value
 */
export function parseSizingParameters(value: unknown, path: string, asOf: Instant): SizingParameters {
  const base = sizingParametersAt(asOf);
  if (value === undefined) return base;
  const object = readObject(value, path, ['liquidity']);
  const liquidity = override(object, 'liquidity', path, base.liquidity, (given, where) =>
    readLiquidity(given, where, base.liquidity),
  );
  const own = Object.keys(object['liquidity'] ?? {}).sort();
  if (own.length === 0) return base;
  return { ...base, liquidity, source: `${base.source}; the firm's own: liquidity ${own.join(', ')}` };
}

function readLiquidity(value: unknown, path: string, base: LiquidityTerms): LiquidityTerms {
  const names = Object.keys(liquidityRanges) as (keyof LiquidityTerms)[];
  const object = readObject(value, path, names);
  const read = (name: keyof LiquidityTerms): number =>
    override(object, name, path, base[name], (given, where) => readNumber(given, where, liquidityRanges[name]));
  return {
    openInterestShare: read('openInterestShare'),
    volumeShare: read('volumeShare'),
    excessSpreads: read('excessSpreads'),
    optionSpread: read('optionSpread'),
    otherSpread: read('otherSpread'),
  };
}
