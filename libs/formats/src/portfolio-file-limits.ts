// `concentrationLimits` of a portfolio file: how much of one asset or one class of assets counts in full.
import type { ConcentrationLimit } from '@ballast/domain';
import {
  choiceAt,
  currencyAt,
  decimalAt,
  identifierAt,
  type JsonPlace,
  numberAt,
  objectAt,
  optionalMember,
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
  const fraction = (key: string): number | undefined => {
    const at = optionalMember(object, key);
    return at === undefined ? undefined : numberAt(at, { minimum: 0, maximum: 1 });
  };
  const share = fraction('share');
  const amountPlace = optionalMember(object, 'amount');
  const amount = amountPlace === undefined ? undefined : decimalAt(amountPlace);
  if (amountPlace !== undefined && amount?.isNegative() === true)
    return refusePlace(amountPlace, 'a limit is not negative');
  if (share === undefined && amount === undefined) return refusePlace(place, 'expected a share, an amount, or both');
  const currency = optionalMember(object, 'currency');
  return {
    scope,
    target: textAt(target) === '*' ? '*' : identifierAt(target),
    excessHaircut: fraction('excessHaircut') ?? 1,
    ...(share === undefined ? {} : { share }),
    ...(amount === undefined
      ? {}
      : { amount: { amount, currency: currency === undefined ? baseCurrency : currencyAt(currency) } }),
  };
}
