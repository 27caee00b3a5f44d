// Contracts and commodities of an .spn file put together once all of it is read.
import { refuseFile } from './file-refusal';
import { type RiskCommodity, type RiskContract, scanRangeOf } from './risk-parameter-file';
import type { SpnCommodity } from './spn-commodity';
import type { SpnContract } from './spn-contract';

/** A commodity, and whether its contracts or its products state the delta scaling. */
export type ScaledCommodity = SpnCommodity & { readonly isContractScale: boolean };

/** What was kept of a file. */
export interface SpnContents {
  readonly file: string;
  readonly commodities: readonly ScaledCommodity[];
  readonly contracts: readonly SpnContract[];
  /** The first linear contract with an array of each product, by spnProductKey. */
  readonly firstLinear: ReadonlyMap<string, SpnContract>;
  /** Months of futures and physicals, by spnMonthKey. */
  readonly months: ReadonlyMap<string, string>;
}

/** Names a product within a file. */
export function spnProductKey(product: {
  readonly exchange: string;
  readonly family: string;
  readonly type: string;
}): string {
  return `${product.exchange}|${product.family}|${product.type}`;
}

/** Names a future or physical within a file, as the options on it do. */
export function spnMonthKey(contract: {
  readonly exchange: string;
  readonly family: string;
  readonly contractId: string;
}): string {
  return `${contract.exchange}|${contract.family}|${contract.contractId}`;
}

/**
 * Gives contracts the arrays and scaling of their commodity and the month of what they are on, and commodities the scan range
 * of their first linear contract.
 *
 * @throws FileRefusal where a product belongs to two commodities
 */
export function assembleSpn(contents: SpnContents): {
  readonly commodities: readonly RiskCommodity[];
  readonly contracts: readonly RiskContract[];
} {
  const commodityOf = commoditiesByProduct(contents);
  return {
    commodities: contents.commodities.map((commodity) => withScanRange(commodity, contents.firstLinear)),
    contracts: contents.contracts.map((contract) =>
      finishContract(contract, commodityOf.get(spnProductKey(contract)), contents.months),
    ),
  };
}

function commoditiesByProduct({ file, commodities }: SpnContents): ReadonlyMap<string, ScaledCommodity> {
  const commodityOf = new Map<string, ScaledCommodity>();
  for (const commodity of commodities)
    for (const product of commodity.products) {
      const key = spnProductKey(product);
      const earlier = commodityOf.get(key);
      if (earlier !== undefined && earlier !== commodity)
        refuseFile({
          file,
          line: commodity.line,
          column: 'pfLink',
          value: `${product.exchange} ${product.family} ${product.type}`,
          reason: `the product belongs to ${earlier.id} already`,
        });
      commodityOf.set(key, commodity);
    }
  return commodityOf;
}

function finishContract(
  contract: SpnContract,
  commodity: ScaledCommodity | undefined,
  months: SpnContents['months'],
): RiskContract {
  const { underlying, isOwnRate, ...rest } = contract;
  const factor = isOwnRate ? commodity?.ownArrayFactor : commodity?.arrayFactor;
  const month = underlying === undefined ? null : (months.get(spnMonthKey(underlying)) ?? null);
  return {
    ...rest,
    underlyingMonth: rest.underlyingMonth ?? month,
    deltaScaling: commodity?.isContractScale === true ? rest.deltaScaling : null,
    losses: rest.losses === null ? null : rest.losses.map((loss) => loss * (factor ?? 1)),
  };
}

function withScanRange(commodity: ScaledCommodity, firstLinear: SpnContents['firstLinear']): RiskCommodity {
  const { arrayFactor, ownArrayFactor, warnings: _, isContractScale, ...rest } = commodity;
  for (const product of commodity.products) {
    const first = firstLinear.get(spnProductKey(product));
    if (first?.losses == null) continue;
    const scaling = isContractScale ? (first.deltaScaling ?? product.deltaScaling) : product.deltaScaling;
    const range = scanRangeOf(first.losses, (first.delta ?? 1) * scaling);
    if (range !== null) return { ...rest, scanRangePerDelta: range * (first.isOwnRate ? ownArrayFactor : arrayFactor) };
  }
  return rest;
}
