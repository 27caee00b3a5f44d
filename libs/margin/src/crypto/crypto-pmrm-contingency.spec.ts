import { asOf } from '../../../../test/support/portfolio-builder';
import { pmrmBook } from '../../../../test/support/pmrm-book';
import type { PmrmExpiry } from './crypto-pmrm-book';
import { computePmrmCollateralCharges, computePmrmContingencies, nakedShorts } from './crypto-pmrm-contingency';
import { parsePmrmParameters } from './parse-pmrm-parameters';

const { otherContingency } = parsePmrmParameters({}, asOf);
const book = pmrmBook();
const expiry = book.expiries[0] as PmrmExpiry;

describe('nakedShorts', () => {
  it.each([
    ['two shorts add up', [-3, -2], 7],
    ['a long put covers a short call', [-3, 1], 1],
    ['a short put within a long call', [5, -2], 0],
    ['longs are none', [3, 2], 0],
  ])('%s', (_, quantities, naked) => {
    expect(nakedShorts(expiry, quantities)).toBe(naked);
  });
});

describe('computePmrmContingencies', () => {
  it('charges open interest at spot, in both figures', () => {
    const charges = computePmrmContingencies(book, [-3, 0, -4], otherContingency);
    expect(charges.maintenancePerpetual).toBeCloseTo(4 * 100 * 0.015, 12);
    expect(charges.initialPerpetual).toBeCloseTo(4 * 100 * 0.005, 12);
    expect(charges.maintenanceOption).toBeCloseTo(3 * 100 * 0.003, 12);
    expect(charges.initialOption).toBeCloseTo(3 * 100 * 0.002, 12);
    expect(charges.confidence).toBe(0);
  });

  it('charges poor data below the threshold on the notional', () => {
    const poor = pmrmBook({ expiries: [{ ...expiry, confidence: 0.4 }], perpetualConfidence: 0.5 });
    const charges = computePmrmContingencies(poor, [-3, 1, -4], otherContingency);
    expect(charges.confidence).toBeCloseTo(0.5 * 400 + 0.6 * 500, 12);
  });

  it('lets the perpetual spoil an expiry only where it is held', () => {
    const poor = pmrmBook({ perpetualConfidence: 0.3 });
    expect(computePmrmContingencies(poor, [1, 0, 0], otherContingency).confidence).toBe(0);
    expect(computePmrmContingencies(poor, [1, 0, 1], otherContingency).confidence).toBeCloseTo(0.7 * 200, 12);
  });

  it('charges nothing at the threshold itself', () => {
    const edge = pmrmBook({ spotConfidence: 0.55 });
    expect(computePmrmContingencies(edge, [1, 1, 1], otherContingency).confidence).toBe(0);
  });
});

it('charges collateral its haircuts and its confidence', () => {
  const item = { asset: 'X', value: 1000, imHaircut: 0.05, mmHaircut: 0.1, confidence: 0.2 };
  const charges = computePmrmCollateralCharges([item, { ...item, confidence: 1 }], otherContingency);
  expect(charges).toEqual({ maintenance: 200, initial: 100, confidence: 800 });
});
