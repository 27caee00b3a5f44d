import { Decimal } from '@ballast/domain';
import type { CollateralLine, CollateralView } from '@ballast/use-cases';
import { toMoney } from '../money/money.model';
import type { CollateralHolding, CollateralKind } from './collateral-holding.model';

/** Shows a holding of an account as the API does. */
export function toCollateralHolding({ position, line, problem }: CollateralView): CollateralHolding {
  if (line !== null) return toCountedHolding(line);
  return {
    asset: position.asset,
    kind: kindOf(position.kind),
    assetClass: position.assetClass,
    rating: position.rating ?? null,
    maturity: position.maturity ?? null,
    schedule: position.schedule,
    quantity: position.quantity,
    price: position.price ?? null,
    currency: position.currency ?? null,
    grossValue: null,
    haircut: null,
    valueAfterHaircut: null,
    fxRate: null,
    fxHaircut: null,
    valueAfterFx: null,
    concentrationExcess: null,
    limitedBy: null,
    value: null,
    problem,
  };
}

/** Shows a holding as it was counted. */
export function toCountedHolding(line: CollateralLine): CollateralHolding {
  const { asset, assetClass, rating, maturity, schedule, quantity, price, currency, limitedBy } = line;
  return {
    asset,
    kind: line.kind === null ? null : kindOf(line.kind),
    assetClass,
    rating,
    maturity,
    schedule,
    quantity,
    price,
    currency,
    grossValue: toMoney(line.grossValue),
    haircut: new Decimal(line.haircut),
    valueAfterHaircut: toMoney(line.valueAfterHaircut),
    fxRate: line.fxRate === null ? null : new Decimal(line.fxRate),
    fxHaircut: new Decimal(line.fxHaircut),
    valueAfterFx: toMoney(line.valueAfterFx),
    concentrationExcess: toMoney(line.concentrationExcess),
    limitedBy,
    value: toMoney(line.netValue),
    problem: line.ineligible,
  };
}

function kindOf(kind: string): keyof typeof CollateralKind {
  return kind.toUpperCase() as keyof typeof CollateralKind;
}
