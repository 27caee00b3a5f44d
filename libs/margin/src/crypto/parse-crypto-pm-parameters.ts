import type { Instant } from '@ballast/domain';
import { scenarioValuationModes } from '../greeks-approximation';
import {
  override,
  parameterError,
  readChoice,
  readList,
  readNumber,
  readObject,
  type NumberRange,
} from '../parameter-reader';
import { selectParameterSet } from '../parameter-set';
import { cryptoPmParameterSets } from './crypto-pm-parameter-sets';
import type { CryptoPmParameters, CryptoPmUnderlyingParameters } from './crypto-pm-parameters';

type NumberKey = Exclude<keyof CryptoPmUnderlyingParameters, 'extendedMoves'>;

const underlyingRanges: Readonly<Record<NumberKey, NumberRange>> = {
  priceRange: { exclusiveMinimum: 0 },
  volatilityRangeUp: { minimum: 0 },
  volatilityRangeDown: { minimum: 0 },
  shortTermPower: {},
  longTermPower: {},
  minVolatilityForShockUp: { minimum: 0 },
  extendedTableFactor: { minimum: 0 },
  extendedDampener: { minimum: 0 },
  annualisedMoveRisk: { minimum: 0 },
  minAnnualisedMove: { minimum: 0 },
  deltaShockThresholdUsd: { minimum: 0 },
  deltaShockSlope: { minimum: 0 },
  maxDeltaShock: { minimum: 0 },
};
const underlyingKeys = [...Object.keys(underlyingRanges), 'extendedMoves'];
const accountKeys = [
  'pnlOffset',
  'maintenanceFactor',
  'openOrders',
  'marketMakerProtection',
  'valuation',
  'underlyings',
];

/**
 * Reads the parameters of CRYPTO_PM over the published set in force at `asOf` (keys: methodology §3.1).
 *
 * @throws DomainError 'INVALID_PARAMETER' for an unknown key, a value out of range, a price move of −100 % or below, or
 *         an extended table whose length differs between underlyings
 */
export function parseCryptoPmParameters(overrides: unknown, asOf: Instant): CryptoPmParameters {
  const defaults = selectParameterSet(cryptoPmParameterSets, asOf).values;
  const path = 'parameters';
  const given = readObject(overrides ?? {}, path, [...underlyingKeys, ...accountKeys]);
  const common = { ...underlyingPart(defaults), ...readUnderlyingPart(given, path) };
  const underlyings = override(given, 'underlyings', path, {}, (value, valuePath) => {
    const byId = Object.entries(readObject(value, valuePath));
    return Object.fromEntries(
      byId.map(([id, own]) => {
        const ownPath = `${valuePath}.${id}`;
        const part = readUnderlyingPart(readObject(own, ownPath, underlyingKeys), ownPath);
        if (part.extendedMoves !== undefined && part.extendedMoves.length !== common.extendedMoves.length) {
          const rule = `expected ${common.extendedMoves.length} moves, as many as every other underlying has`;
          throw parameterError(`${ownPath}.extendedMoves`, rule, part.extendedMoves.length);
        }
        return [id, part];
      }),
    );
  });
  return {
    ...common,
    pnlOffset: override(given, 'pnlOffset', path, defaults.pnlOffset, (value, at) =>
      readNumber(value, at, { minimum: 0, maximum: 1 }),
    ),
    maintenanceFactor: override(given, 'maintenanceFactor', path, defaults.maintenanceFactor, (value, at) =>
      readNumber(value, at, { exclusiveMinimum: 0 }),
    ),
    openOrders: override(given, 'openOrders', path, defaults.openOrders, readCharge),
    marketMakerProtection: override(given, 'marketMakerProtection', path, defaults.marketMakerProtection, readCharge),
    valuation: override(given, 'valuation', path, defaults.valuation, (value, at) =>
      readChoice(value, at, scenarioValuationModes),
    ),
    underlyings,
  };
}

function readUnderlyingPart(
  given: Readonly<Record<string, unknown>>,
  path: string,
): Partial<CryptoPmUnderlyingParameters> {
  const part: Record<string, unknown> = {};
  for (const [key, range] of Object.entries(underlyingRanges)) {
    if (given[key] !== undefined) part[key] = readNumber(given[key], `${path}.${key}`, range);
  }
  if (given['priceRange'] !== undefined && (given['priceRange'] as number) >= 1) {
    throw parameterError(`${path}.priceRange`, 'a price move of −100 % or below is impossible', given['priceRange']);
  }
  if (given['extendedMoves'] !== undefined) {
    part['extendedMoves'] = readList(given['extendedMoves'], `${path}.extendedMoves`, readExtendedMove);
  }
  return part;
}

function readExtendedMove(value: unknown, path: string): number {
  const move = readNumber(value, path);
  if (move <= -1) throw parameterError(path, 'a price move of −100 % or below is impossible', value);
  if (move === 0) throw parameterError(path, 'expected a move other than 0', value);
  return move;
}

function readCharge(value: unknown, path: string): number {
  return readNumber(value, path, { minimum: 0 });
}

function underlyingPart(parameters: CryptoPmParameters): CryptoPmUnderlyingParameters {
  const keys = underlyingKeys as (keyof CryptoPmUnderlyingParameters)[];
  return Object.fromEntries(keys.map((key) => [key, parameters[key]])) as unknown as CryptoPmUnderlyingParameters;
}
