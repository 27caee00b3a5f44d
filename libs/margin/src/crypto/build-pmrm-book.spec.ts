import { Decimal, type UnderlyingQuote } from '@ballast/domain';
import { coinOption, coinQuote, perpetual } from '../../../../test/support/crypto-builder';
import { asOf, daysLater, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { valueScenariosPlainly } from '../option-value';
import { valuePositions } from '../value-positions';
import { buildPmrmBook, unrealisedOf } from './build-pmrm-book';
import { parsePmrmParameters } from './parse-pmrm-parameters';

const parameters = parsePmrmParameters({}, asOf);
const bookOf = (changes: Partial<UnderlyingQuote>) => {
  const coin = coinQuote('60000', changes);
  const positions = [
    position(coinOption('A', { right: 'call', strike: 66_000, days: 40 }, 'linear'), -1),
    position(coinOption('B', { right: 'put', strike: 50_000, days: 10 }, 'linear'), 2),
    position(perpetual('PERP', 'linear'), 3),
  ];
  const snapshot = snapshotOf({
    underlyings: [coin],
    quotes: [quote('A', { volatility: 0.5 }), quote('B', { volatility: 0.6 }), quote('PERP', { price: '60010' })],
  });
  const valuation = valuePositions({ portfolio: portfolioOf(positions), snapshot, chooseModel: () => ({ model: 'black76' }) }); // prettier-ignore
  if (valuation.status !== 'valued') throw new Error(valuation.reasons.join());
  const members = valuation.positions;
  const placeOf = new Map(members.map((member, place) => [member, place]));
  return buildPmrmBook(coin, { asOf, members, placeOf, collateral: [], parameters, valueScenarios: valueScenariosPlainly }); // prettier-ignore
};

describe('buildPmrmBook', () => {
  const forward = {
    expiry: daysLater(10),
    price: new Decimal(61_000),
    rate: 0.1,
    confidence: 0.9,
    rateConfidence: 0.6,
    volatilityConfidence: 0.8,
  };

  it('groups options by expiry, ascending, with the market of each', () => {
    const book = bookOf({ forwards: [forward], rate: 0.02 });
    expect(book.expiries.map(({ options }) => options.map(({ instrumentId }) => instrumentId))).toEqual([['B'], ['A']]);
    expect(book.expiries.map(({ rate, confidence }) => [rate, confidence])).toEqual([
      [0.1, 0.6],
      [0.02, 1],
    ]);
    expect(book.expiries[0]?.secondsToExpiry).toBeCloseTo(864_000, 6);
    expect(book.expiries[0]?.label).toBe('2026-01-15T12:00:00.000Z');
  });

  it('values each option at its base, in all scenarios and at the two basis shocks', () => {
    const [near] = bookOf({ forwards: [forward] }).expiries;
    const values = near?.options[0]?.scenarioValues;
    expect(values).toHaveLength(parameters.scenarios.length + 2);
    const unshocked = parameters.scenarios.findIndex((s) => s.spotShock === 1 && s.volatilityShock === 'NONE');
    expect(values?.[unshocked]).toBe(near?.options[0]?.baseValue);
    expect(values?.[parameters.scenarios.length + 1]).toBeGreaterThan(near?.options[0]?.baseValue ?? NaN);
  });

  it('takes the governing price of the perpetual, else its own mark', () => {
    expect(bookOf({ perpetual: { price: new Decimal(59_900) } }).perpetuals[0]?.price).toBe(59_900);
    expect(bookOf({ perpetual: { price: new Decimal(0) } }).perpetuals[0]?.price).toBe(60_010);
    expect(bookOf({}).perpetuals).toEqual([{ place: 2, multiplier: 1, price: 60_010 }]);
  });

  it('adds unrealised profit and funding', () => {
    const quoted = { price: new Decimal(1), unrealisedPnl: new Decimal('5.5'), unrealisedFunding: new Decimal(-2) };
    expect(unrealisedOf(coinQuote('1', { perpetual: quoted }))).toBe(3.5);
    expect(unrealisedOf(coinQuote())).toBe(0);
  });
});
