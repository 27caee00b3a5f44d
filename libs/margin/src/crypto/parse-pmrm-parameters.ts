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
import { pmrmParameterSets } from './crypto-pmrm-parameter-sets';
import { pmrmVolatilityShocks, type PmrmParameters, type PmrmScenario } from './crypto-pmrm-parameters';

type NumberGroup = Exclude<keyof PmrmParameters, 'scenarios' | 'valuation'>;

const fraction: NumberRange = { minimum: 0, maximum: 1 };
const notNegative: NumberRange = { minimum: 0 };
const positive: NumberRange = { exclusiveMinimum: 0 };

const rangesByGroup: { readonly [Group in NumberGroup]: Readonly<Record<keyof PmrmParameters[Group], NumberRange>> } = {
  volatilityShock: {
    rangeUp: notNegative,
    rangeDown: notNegative,
    shortTermPower: {},
    longTermPower: {},
    dteFloorDays: positive,
    minVolatilityUpShock: notNegative,
  },
  margin: {
    imFactor: notNegative,
    mmFactor: notNegative,
    shortRateMultScale: {},
    longRateMultScale: {},
    shortRateAddScale: {},
    longRateAddScale: {},
    baseStaticDiscount: notNegative,
    baseStaticDiscountNegative: notNegative,
  },
  basisContingency: { shockUp: positive, shockDown: positive, addFactor: notNegative, multFactor: notNegative },
  otherContingency: {
    pegLossThreshold: notNegative,
    pegLossFactor: notNegative,
    confidenceThreshold: fraction,
    confidenceMargin: notNegative,
    mmPerpPercent: notNegative,
    imPerpPercent: notNegative,
    mmOptionPercent: notNegative,
    imOptionPercent: notNegative,
  },
  skewShock: {
    linearBaseCap: {},
    absBaseCap: {},
    linearCBase: {},
    absCBase: {},
    minKStar: positive,
    widthScale: notNegative,
    volParamStatic: {},
    volParamScale: {},
  },
};

/**
 * Reads the parameters of CRYPTO_PMRM over a published set: the default one, or the one `parameterSet` names
 * (`2026-production`). Keys: methodology §3.2.
 *
 * @throws DomainError 'INVALID_PARAMETER' for an unknown key, a value out of range, an empty scenario list or a price move
 *         of −100 % or below
 */
export function parsePmrmParameters(overrides: unknown, _asOf: Instant): PmrmParameters {
  const path = 'parameters';
  const given = readObject(overrides ?? {}, path, [
    'parameterSet',
    'scenarios',
    'valuation',
    ...Object.keys(rangesByGroup),
  ]);
  const names = pmrmParameterSets.map(({ id }) => id);
  const name = override(given, 'parameterSet', path, names[0] as string, (value, at) => readChoice(value, at, names));
  const defaults = (pmrmParameterSets.find(({ id }) => id === name) as (typeof pmrmParameterSets)[number]).values;
  const groups = (Object.keys(rangesByGroup) as NumberGroup[]).map((group) => [
    group,
    readGroup(given[group], `${path}.${group}`, { ranges: rangesByGroup[group], defaults: defaults[group] }),
  ]);
  return {
    ...(Object.fromEntries(groups) as Pick<PmrmParameters, NumberGroup>),
    scenarios: override(given, 'scenarios', path, defaults.scenarios, (value, at) =>
      readList(value, at, readScenario, 1),
    ),
    valuation: override(given, 'valuation', path, defaults.valuation, (value, at) =>
      readChoice(value, at, scenarioValuationModes),
    ),
  };
}

function readGroup(
  value: unknown,
  path: string,
  known: { readonly ranges: Readonly<Record<string, NumberRange>>; readonly defaults: object },
): Readonly<Record<string, number>> {
  const given = value === undefined ? {} : readObject(value, path, Object.keys(known.ranges));
  const own = Object.entries(given).map(([key, item]) => [
    key,
    readNumber(item, `${path}.${key}`, known.ranges[key] as NumberRange),
  ]);
  return { ...known.defaults, ...(Object.fromEntries(own) as Record<string, number>) };
}

function readScenario(value: unknown, path: string): PmrmScenario {
  const given = readObject(value, path, ['spotShock', 'volatilityShock', 'dampening']);
  const spotShock = readNumber(given['spotShock'], `${path}.spotShock`);
  if (spotShock <= 0) {
    throw parameterError(`${path}.spotShock`, 'a price move of −100 % or below is impossible', given['spotShock']);
  }
  return {
    spotShock,
    volatilityShock: readChoice(given['volatilityShock'], `${path}.volatilityShock`, pmrmVolatilityShocks),
    dampening: override(given, 'dampening', path, 1, (item, at) => readNumber(item, at, notNegative)),
  };
}
