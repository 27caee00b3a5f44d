import { equities, historical, index, rates, stated, volatility } from './library-figures';

describe('parts of the library', () => {
  it('let shares and unknown futures fall with the index, and a volatility index move as volatility', () => {
    const classes = equities(-0.2, 1.5, -0.01);
    expect(classes['equity']).toEqual({ spot: -0.2, volatility: 1.5, rate: -0.01 });
    expect(classes['other']).toEqual(classes['equity-index']);
    expect(classes['volatility-index']).toEqual({ spot: 1.5, volatility: 1.5, rate: -0.01 });
    expect(equities(-0.2, 1.5)['equity']).not.toHaveProperty('rate');
  });

  it('tell per figure what it is, whether it was checked and who published it', () => {
    const figures = [
      index('COMPUTED', 'a.csv, column X', ['2020-01-01', 100], ['2020-01-02', 90]),
      volatility('STATED', 'Cboe', ['2020-01-01', 20], ['2020-01-02', 30]),
      rates('2 % → 1 %', ['equity.rate']),
      stated('BTC −10 %', 'coins', ['BTC.spot']),
    ];
    expect(historical('x', { title: 'x', figures })).toMatchObject({
      origin: 'HISTORICAL',
      sources: [
        'S&P 500 100 (2020-01-01) → 90 (2020-01-02): computed, a.csv, column X',
        'VIX 20 (2020-01-01) → 30 (2020-01-02): stated, Cboe',
        'federal funds 2 % → 1 %: stated, Federal Open Market Committee, target range of the federal funds rate',
        'BTC −10 %: stated, coins',
      ],
    });
    expect(figures[1]?.moves).toContain('volatility-index.spot');
  });
});
