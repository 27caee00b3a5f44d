import { assumed, betweenCloses } from './stress-figure';

describe('figures of a scenario', () => {
  it('say the series, its closes and their days', () => {
    const [from, to] = [{ date: '2020-02-19', value: 100 }, { date: '2020-03-23', value: 66.1 }]; // prettier-ignore
    const moves = ['equity-index.spot'];
    expect(
      betweenCloses({ series: 'S&P 500', from, to, moves, verification: 'STATED', source: 'its publisher' }),
    ).toEqual({
      moves,
      what: 'S&P 500 100 (2020-02-19) → 66.1 (2020-03-23)',
      verification: 'STATED',
      source: 'its publisher',
      closes: { from, to },
    });
  });

  it('call a judgement a judgement', () =>
    expect(assumed('volatility +50 %', ['crude-oil.volatility'])).toEqual({
      moves: ['crude-oil.volatility'],
      what: 'volatility +50 %',
      verification: 'ASSUMED',
      source: 'judgement of this service',
    }));
});
