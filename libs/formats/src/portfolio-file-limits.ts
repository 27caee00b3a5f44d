// `concentrationLimits` of a portfolio file: how much of one asset or one class of assets counts in full.
import type { ConcentrationLimit } from '@ballast/domain';
import {
  choiceAt,
  currencyAt,
  decimalAt,
  fractionAt,
  identifierAt,
  type JsonPlace,
  objectAt,
  optionalAt,
  refusePlace,
  requiredMember,
  textAt,
} from './json-member';

/** Reads the limits; amounts are of the base currency unless they say otherwise. @throws FileRefusal */
export function readConcentrationLimits(places: readonly JsonPlace[], baseCurrency: string): ConcentrationLimit[] {
  const targets = new Set<string>();
  return places.map((place) => {
    const limit = readLimit(place, baseCurrency);
    const key = `${limit.scope} ${limit.target}`;
    if (targets.has(key)) return refusePlace(place, `a second limit of the ${limit.scope} ${limit.target}`);
    targets.add(key);
    return limit;
  });
}

function readLimit(place: JsonPlace, baseCurrency: string): ConcentrationLimit {
  const object = objectAt(place, ['scope', 'target', 'share', 'amount', 'currency', 'excessHaircut']);
  const scope = choiceAt(requiredMember(object, 'scope'), ['asset', 'class']);
  const target = requiredMember(object, 'target');
  const share = optionalAt(object, 'share', fractionAt);
  const amount = optionalAt(object, 'amount', (at) => {
    const value = decimalAt(at);
    return value.isNegative() ? refusePlace(at, 'a limit is not negative') : value;
  });
  if (share === undefined && amount === undefined) return refusePlace(place, 'expected a share, an amount, or both');
  return {
    scope,
    target: textAt(target) === '*' ? '*' : identifierAt(target),
    excessHaircut: optionalAt(object, 'excessHaircut', fractionAt) ?? 1,
    ...(share === undefined ? {} : { share }),
    ...(amount === undefined
      ? {}
      : { amount: { amount, currency: optionalAt(object, 'currency', currencyAt) ?? baseCurrency } }),
  };
}
