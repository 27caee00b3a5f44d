import { asOf, daysLater, future, option, quote, share, snapshotOf } from '../../../../test/support/portfolio-builder';
import { denseFigures, DenseSpanRows } from './dense-span-rows';
import { parseSpanParameters } from './parse-span-parameters';

const snapshot = snapshotOf({ quotes: [quote('C', { price: '3', volatility: 0.2 })] });
const rows = new DenseSpanRows(parseSpanParameters({}, asOf), {
  ...{ snapshot, asOf, baseCurrency: 'USD', listedInstruments: [] },
});
const columns = () => ({
  losses: new Float64Array(2 * 16),
  figures: new Float64Array(2 * denseFigures.length),
  commodityOf: new Int32Array(2),
  rights: new Int8Array(2),
});

describe('DenseSpanRows', () => {
  it('values what can be valued and held, and listed futures alone', () => {
    expect(rows.value(option('C'))).toMatchObject({ mark: 3, spot: 100 });
    for (const strange of [option('NO-QUOTE'), option('C', { expiry: daysLater(-1) }), future('F')])
      expect(rows.value(strange)).toBeNull();
  });

  it('writes one row at its place and no other', () => {
    const found = columns();
    const contract = rows.value(share('S'));
    if (contract === null) throw new Error('expected a value');
    rows.write(found, 1, contract, 3);
    expect(found.losses.subarray(0, 16).every((loss) => loss === 0)).toBe(true);
    // The first two scenarios of SPAN move nothing but volatility.
    expect([...found.losses.subarray(16, 18)]).toEqual([0, 0]);
    expect(found.losses.subarray(18).some((loss) => loss !== 0)).toBe(true);
    const names = Object.fromEntries(
      denseFigures.map((name, index) => [name, found.figures[denseFigures.length + index]]),
    );
    expect(names).toMatchObject({
      notional: 100,
      mark: Number.NaN,
      multiplier: 1,
      fxToBase: 1,
      delta: 1,
      gamma: 0,
      vega: 0,
    });
    expect([...found.commodityOf, ...found.rights]).toEqual([0, 3, 0, 0]);
    expect(rows.commodities[3]).toMatchObject({ id: 'U' });
    expect(rows.describe('U', 3)).toBe(rows.commodities[3]);
    expect(rows.describe('U', 3).labels).toHaveLength(rows.width);
  });

  it('tells calls from puts', () => {
    const found = columns();
    const terms = ['call', 'put'] as const;
    terms.forEach((right, place) => {
      const contract = rows.value(option('C', { right }));
      if (contract !== null) rows.write(found, place, contract, 0);
    });
    expect([...found.rights]).toEqual([1, 2]);
    expect(found.figures[1]).toBe(3);
  });
});
