import { compareText } from '../arrange-portfolio';
import type { PositionContribution } from '../margin-requirement';
import { computeContributions } from '../position-contributions';
import { computeShortOptionMinimum } from './short-option-minimum';
import type { SpanBook, SpanCommodity } from './span-book';
import { computeSpanFigures, type SpanFigures } from './span-figures';

/** A book and the contracts held, in its order. */
interface HeldBook {
  readonly book: SpanBook;
  readonly quantities: Float64Array;
}

/**
 * Explains a SPAN-style requirement by position: Euler contributions that add up to it and remove-one increments.
 *
 * In closed form where nothing but scan risk, minimum and exposure makes a commodity's requirement, so that a book of n
 * lines costs n² additions instead of n evaluations; by evaluating the book again where spreads tie positions together.
 */
export function computeSpanContributions(holding: HeldBook, figures: SpanFigures): readonly PositionContribution[] {
  const { book, quantities } = holding;
  const contributions = computeContributions({
    instrumentIds: book.commodities.flatMap(({ contracts }) => contracts.map(({ instrumentId }) => instrumentId)),
    quantities: [...quantities],
    requirementOf: (changed) => computeSpanFigures(book, changed).maintenance,
    requirementWithout: (index) => requirementWithout(holding, figures, index),
    euler: scanContributions(figures, quantities),
  });
  return [...contributions].sort((left, right) => compareText(left.instrumentId, right.instrumentId));
}

/** Maintenance requirements of the positions one by one, added: what they would need without netting. */
export function sumOfPositions({ book, quantities }: HeldBook): number {
  let sum = 0;
  let start = 0;
  for (const commodity of book.commodities) {
    commodity.contracts.forEach((contract, index) => {
      const quantity = quantities[start + index] as number;
      if (!isSeparable(book, commodity)) {
        const alone = new Float64Array(quantities.length);
        alone[start + index] = quantity;
        sum += computeSpanFigures(book, alone).maintenance;
        return;
      }
      const losses = contract.losses.map((loss) => quantity * loss);
      const own = Float64Array.from(commodity.contracts, (_, other) => (other === index ? quantity : 0));
      sum += separableMaintenance(commodity, losses, own);
    });
    start += commodity.contracts.length;
  }
  return sum;
}

function requirementWithout(holding: HeldBook, figures: SpanFigures, index: number): number {
  const { book, quantities } = holding;
  let start = 0;
  for (const own of figures.commodities) {
    const { commodity, losses } = own;
    const end = start + commodity.contracts.length;
    if (index >= end) {
      start = end;
      continue;
    }
    if (!isSeparable(book, commodity)) break;
    const contract = commodity.contracts[index - start];
    const quantity = quantities[index] as number;
    const left = losses.map((loss, scenario) => loss - quantity * (contract?.losses[scenario] as number));
    const kept = Float64Array.from(quantities.subarray(start, end));
    kept[index - start] = 0;
    return figures.maintenance - own.maintenance + separableMaintenance(commodity, left, kept);
  }
  const without = Float64Array.from(quantities);
  without[index] = 0;
  return computeSpanFigures(book, without).maintenance;
}

/** Whether nothing ties the positions of a commodity to each other or to another one but the sum of their losses. */
function isSeparable(book: SpanBook, { parameters, contracts, scannedApart = [] }: SpanCommodity): boolean {
  if (scannedApart.length > 0 || contracts.some(({ shortOptionRate }) => shortOptionRate !== undefined)) return false;
  const spreads = parameters.calendarSpreads.length + parameters.deliveryCharge.length + book.intercommodity.length;
  return spreads === 0;
}

/** max(scan risk, short option minimum) + exposure: both aggregations agree where there are no spreads. */
function separableMaintenance(commodity: SpanCommodity, losses: Float64Array, quantities: Float64Array): number {
  const { parameters, rateToBase, contracts } = commodity;
  let shortCalls = 0;
  let shortPuts = 0;
  let shortNotional = 0;
  for (let index = 0; index < quantities.length; index += 1) {
    const quantity = quantities[index] as number;
    const contract = contracts[index];
    if (quantity >= 0 || contract === undefined) continue;
    if (contract.right === 'call') shortCalls -= quantity;
    if (contract.right === 'put') shortPuts -= quantity;
    shortNotional -= quantity * contract.notional;
  }
  const minimum = computeShortOptionMinimum({ shortCalls, shortPuts, minimum: parameters.shortOptionMinimum });
  let scanRisk = 0;
  for (const loss of losses) scanRisk = Math.max(scanRisk, loss);
  return Math.max(scanRisk, minimum * rateToBase) + shortNotional * parameters.exposureRate;
}

/** Quantity × loss in the active scenario, where nothing but scan risk makes the requirement; null elsewhere. */
function scanContributions(figures: SpanFigures, quantities: Float64Array): readonly (number | null)[] {
  let offset = 0;
  return figures.commodities.flatMap((commodity) => {
    const { contracts } = commodity.commodity;
    const start = offset;
    offset += contracts.length;
    const isScannedTogether = (commodity.commodity.scannedApart ?? []).length === 0;
    const scanOnly = isScannedTogether && commodity.maintenance === commodity.scanRisk && commodity.movedPortion === 0;
    return contracts.map((contract, index) => {
      if (!scanOnly) return null;
      const quantity = quantities[start + index] as number;
      return commodity.scanRisk > 0 ? quantity * (contract.losses[commodity.activeScenario] as number) : 0;
    });
  });
}
