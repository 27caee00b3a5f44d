import { Decimal, type UnderlyingQuote } from '@ballast/domain';
import {
  asOf,
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../../test/support/sensitivity-parameters';
import { valuePositions } from '../value-positions';
import { parseSensitivityParameters } from './parse-sensitivity-parameters';
import { requireOneSource, sourcesOfPositions, sourcesOfSensitivities } from './sensitivity-source';

const parameters = parseSensitivityParameters(sensitivityParameterFile, asOf);
const snapshotWith = (changes: Partial<UnderlyingQuote>) =>
  snapshotOf({
    underlyings: [underlyingQuote('U', '100', changes)],
    quotes: [quote('C', { volatility: 0.3 }), quote('F', { price: '101' })],
    fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.1') }],
  });
const sourcesOf = (changes: Partial<UnderlyingQuote>, vegaInput: 'vega' | 'vega-times-volatility' = 'vega') => {
  const call = option('C', { expiry: daysLater(365 * 1.5) });
  const snapshot = snapshotWith(changes);
  const portfolio = portfolioOf([position(call, -2), position(future('F'), 1), position(share('U'), 10)]);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black-scholes' }) });
  if (valuation.status !== 'valued') throw new Error(valuation.reasons.join());
  return sourcesOfPositions(valuation.positions, { ...parameters, vegaInput }, snapshot);
};

describe('sourcesOfPositions', () => {
  it('takes 1 % of price times delta and splits vega between tenors', () => {
    const [call, fut, shares] = sourcesOf({ sensitivityBucket: '1', qualifier: 'ISIN:U' });
    // d1 = 0.15·√1.5 = 0.183711731, Φ = 0.572880, φ = 0.392267
    expect(call?.sensitivities[0]).toMatchObject({ bucket: '1', qualifier: 'ISIN:U', productClass: 'Equity' });
    expect(call?.sensitivities[0]?.amountUsd).toBeCloseTo(57.288, 2);
    expect(call?.sensitivities.slice(1).map(({ tenor }) => tenor)).toEqual(['1y', '2y']);
    const vega = call?.sensitivities.slice(1).reduce((sum, { amountUsd }) => sum + amountUsd, 0);
    expect(vega).toBeCloseTo(100 * Math.sqrt(1.5) * 0.392267, 2);
    expect(fut?.sensitivities.map(({ amountUsd }) => amountUsd)).toEqual([0.01 * 101 * 100]);
    expect(shares?.sensitivities.map(({ amountUsd }) => amountUsd)).toEqual([1]);
    expect([call?.quantity, fut?.quantity, shares?.quantity]).toEqual([-2, 1, 10]);
  });

  it('multiplies vega by the volatility in points where the operator says so', () => {
    const plain = sourcesOf({})[0]?.sensitivities[1]?.amountUsd ?? NaN;
    const scaled = sourcesOf({}, 'vega-times-volatility')[0]?.sensitivities[1]?.amountUsd ?? NaN;
    expect(scaled / plain).toBeCloseTo(30, 12);
  });

  it('puts an underlying without a bucket in the residual one, under its own id', () => {
    expect(sourcesOf({})[2]?.sensitivities[0]).toMatchObject({ bucket: 'Residual', qualifier: 'U' });
  });
});

describe('ready sensitivities', () => {
  const row = (qualifier: string, amountUsd: number) =>
    ({ productClass: 'Equity', riskType: 'Risk_Equity', qualifier, bucket: '1', tenor: '', amountUsd }) as const;

  it('are grouped by qualifier, sorted', () => {
    const sources = sourcesOfSensitivities([row('B', 1), row('A', 2), row('B', 3)]);
    expect(sources.map(({ id, sensitivities }) => [id, sensitivities.length])).toEqual([
      ['A', 1],
      ['B', 2],
    ]);
    expect(sources.map(({ quantity }) => quantity)).toEqual([1, 1]);
  });

  it('are refused beside positions, which would count the risk twice', () => {
    expect(() => requireOneSource({ positions: [1], sensitivities: [1] })).toThrow(
      expect.objectContaining({ code: 'INVALID_PORTFOLIO' }),
    );
    expect(() => requireOneSource({ positions: [], sensitivities: [1] })).not.toThrow();
  });
});
