import { parsePortfolioFile } from './portfolio-file';

const contractExample = {
  asOf: '2007-02-23T21:00:00Z',
  methodology: 'TIMS',
  parameters: { valuationPoints: 10 },
  baseCurrency: 'USD',
  cash: '0',
  fx: [{ from: 'EUR', to: 'USD', rate: '1.08' }],
  market: {
    underlyings: [
      {
        id: 'IBM',
        kind: 'equity',
        currency: 'USD',
        price: '97.73',
        rate: 0.051,
        dividendYield: 0,
        forwards: [{ expiry: '2007-04-21T21:00:00Z', price: '98.50', rate: 0.05 }],
      },
      { id: 'BTC', kind: 'crypto', currency: 'USD', price: '65666.19' },
    ],
    instruments: [
      {
        id: 'IBM-95P',
        type: 'option',
        underlying: 'IBM',
        right: 'put',
        strike: '95',
        expiry: '2007-04-21T21:00:00Z',
        exercise: 'american',
        multiplier: '100',
        price: '1.02',
        premiumStyle: 'equity',
      },
      { id: 'IBM', type: 'underlying', underlying: 'IBM', multiplier: '1', price: '97.73' },
      {
        id: 'BTC-PERP',
        type: 'perpetual',
        underlying: 'BTC',
        multiplier: '1',
        price: '65910.57',
        settlement: 'inverse',
      },
    ],
  },
  positions: [{ instrument: 'IBM-95P', quantity: '-100' }],
  collateral: [{ asset: 'UST', quantity: '100000', price: '0.99', haircut: 0.02 }],
};

type Json = typeof contractExample;
const parse = (value: unknown) => parsePortfolioFile(JSON.stringify(value, null, 1), 'p.json');
function changed(change: (file: Json & Record<string, unknown>) => void): unknown {
  const copy = structuredClone(contractExample) as Json & Record<string, unknown>;
  change(copy);
  return copy;
}

describe('parsePortfolioFile', () => {
  const { portfolio, snapshot, parameters } = parse(contractExample);

  it('reads the example of the contract', () => {
    expect(portfolio).toMatchObject({
      methodology: 'TIMS',
      baseCurrency: 'USD',
      asOf: Date.parse('2007-02-23T21:00:00Z'),
    });
    expect(parameters).toEqual({ valuationPoints: 10 });
    expect(portfolio.positions[0]?.instrument).toMatchObject({
      id: 'IBM-95P',
      right: 'put',
      exercise: 'american',
      currency: 'USD',
      settlement: 'linear',
    });
    expect(portfolio.positions[0]?.quantity.toFixed()).toBe('-100');
    expect(snapshot.instruments.get('IBM-95P')?.mark?.toFixed()).toBe('1.02');
    expect(snapshot.underlyings.get('IBM')?.forwards[0]).toMatchObject({ rate: 0.05 });
    expect(portfolio.collateral[0]).toMatchObject({ asset: 'UST', haircut: 0.02, currency: 'USD' });
    expect(portfolio.listedInstruments?.map(({ id }) => id)).toEqual(['IBM-95P', 'IBM', 'BTC-PERP']);
  });

  it('states inverse contracts in their coin and fills documented defaults', () => {
    expect(portfolio.listedInstruments?.[2]).toMatchObject({ currency: 'BTC', settlement: 'inverse' });
    expect(snapshot.underlyings.get('BTC')).toMatchObject({ rate: 0, dividendYield: 0, forwards: [] });
    const bare = parse({ asOf: '2026-01-05T00:00:00Z', methodology: 'SPAN', baseCurrency: 'BTC' });
    expect(bare.portfolio).toMatchObject({ positions: [], collateral: [], listedInstruments: [] });
    expect(bare.portfolio.cash[0]?.amount.toFixed()).toBe('0');
  });

  it('keeps the result of an inverse contract in coin where its currency names the quotation', () => {
    const currencyFor = (currency: string) =>
      parse(changed((file) => Object.assign(file.market.instruments[2]!, { currency }))).portfolio
        .listedInstruments?.[2];
    expect(currencyFor('USD')).toMatchObject({ currency: 'BTC', settlement: 'inverse' });
    expect(currencyFor('WBTC')).toMatchObject({ currency: 'WBTC' });
  });

  it('takes cash of several currencies, average prices, sensitivities and house rules', () => {
    const full = parse(
      changed((file) => {
        file['cash'] = [{ currency: 'EUR', amount: '-5' }] as never;
        Object.assign(file.positions[0]!, { averagePrice: '1.5', unrealisedPnl: '-3' });
        file['sensitivities'] = [
          {
            productClass: 'Equity',
            riskType: 'Risk_EquityVol',
            qualifier: 'ISIN:X',
            bucket: '1',
            tenor: '2w',
            amountUSD: 6000000,
          },
        ];
        file['house'] = [];
      }),
    );
    expect(full.portfolio.cash[0]).toMatchObject({ currency: 'EUR' });
    expect(full.portfolio.positions[0]?.averagePrice?.toFixed()).toBe('1.5');
    expect(full.portfolio.sensitivities).toEqual([
      {
        productClass: 'Equity',
        riskType: 'Risk_EquityVol',
        qualifier: 'ISIN:X',
        bucket: '1',
        tenor: '2w',
        amountUsd: 6000000,
      },
    ]);
    expect(full.house).toEqual([]);
  });

  it.each<[string, (file: Json & Record<string, unknown>) => void, string]>([
    ['an unknown key at the top', (file) => (file['position'] = []), 'column position: unknown key'],
    [
      'an unknown key of an instrument',
      (file) => Object.assign(file.market.instruments[0]!, { strik: '1' }),
      'column market.instruments[0].strik: unknown key',
    ],
    [
      'a price that is a number',
      (file) => Object.assign(file.market.underlyings[0]!, { price: 97.73 }),
      'column market.underlyings[0].price',
    ],
    [
      'a rate that is a string',
      (file) => Object.assign(file.market.underlyings[0]!, { rate: '0.05' }),
      'column market.underlyings[0].rate',
    ],
    ['a negative strike', (file) => (file.market.instruments[0]!.strike = '-95'), 'a strike is greater than 0'],
    ['a strike of 0', (file) => (file.market.instruments[0]!.strike = '0'), 'a strike is greater than 0'],
    [
      'a negative price of an equity',
      (file) => (file.market.underlyings[0]!.price = '-1'),
      'a price of kind equity is not negative',
    ],
    ['a negative option price', (file) => (file.market.instruments[0]!.price = '-1'), 'a price is not negative'],
    [
      'a negative volatility',
      (file) => Object.assign(file.market.instruments[0]!, { volatility: -0.2 }),
      'must be at least 0',
    ],
    ['a multiplier of 0', (file) => (file.market.instruments[0]!.multiplier = '0'), 'must be greater than 0'],
    [
      'a position in an unknown contract',
      (file) => (file.positions[0]!.instrument = 'IBM-95C'),
      'value "IBM-95C": no such instrument',
    ],
    [
      'an instrument on an unknown underlying',
      (file) => (file.market.instruments[0]!.underlying = 'X'),
      'no such underlying',
    ],
    ['an instrument twice', (file) => file.market.instruments.push(file.market.instruments[0]!), 'appears twice'],
    ['an underlying twice', (file) => file.market.underlyings.push(file.market.underlyings[0]!), 'appears twice'],
    [
      'a strike of a share',
      (file) => Object.assign(file.market.instruments[1]!, { strike: '5' }),
      'an instrument of type underlying has no strike',
    ],
    ['an unknown methodology', (file) => (file.methodology = 'SPAM'), 'column methodology'],
    ['an exchange rate of 0', (file) => (file.fx[0]!.rate = '0'), 'must be greater than 0'],
    ['a haircut above 1', (file) => (file.collateral[0]!.haircut = 1.1), 'must be at most 1'],
    [
      'a missing quantity',
      (file) => delete (file.positions[0] as { quantity?: string }).quantity,
      'the key "quantity" is missing',
    ],
    ['an expiry that is a date', (file) => (file.market.instruments[0]!.expiry = '2007-04-21'), 'expected an instant'],
  ])('refuses %s', (_, change, message) => {
    expect(() => parse(changed(change))).toThrow(message);
  });

  it('refuses what is not one JSON object', () => {
    expect(() => parsePortfolioFile('', 'p.json')).toThrow('the file is empty');
    expect(() => parsePortfolioFile('[]', 'p.json')).toThrow('expected an object');
    expect(() => parsePortfolioFile('{"asOf": ', 'p.json')).toThrow('ends too early');
    expect(() => parsePortfolioFile('{"cash": "1", "cash": "2"}', 'p.json')).toThrow('appears twice');
  });

  it('allows a strike and a price below 0 on a future', () => {
    const oil = parse({
      asOf: '2020-04-20T18:00:00Z',
      methodology: 'SPAN',
      baseCurrency: 'USD',
      market: {
        underlyings: [{ id: 'CL', kind: 'future', price: '-37.63' }],
        instruments: [
          {
            id: 'P',
            type: 'option',
            underlying: 'CL',
            right: 'put',
            strike: '-10',
            expiry: '2020-05-14T18:00:00Z',
            volatility: 40,
          },
        ],
      },
    });
    expect(oil.snapshot.underlyings.get('CL')?.price?.toFixed()).toBe('-37.63');
  });
});
