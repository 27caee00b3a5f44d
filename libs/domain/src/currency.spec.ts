import { currencyScale, parseCurrency } from './currency';

describe('currencyScale', () => {
  it.each([['USD', 2], ['JPY', 0], ['KWD', 3], ['BTC', 8], ['USDC', 2]] as const)('states %s in %d decimals', (currency, scale) => {
    expect(currencyScale(currency)).toBe(scale);
  }); // prettier-ignore
});

describe('parseCurrency', () => {
  it('takes a code', () => expect(parseCurrency('EUR', 'currency')).toBe('EUR'));
  it.each(['usd', 'US', '', 'US D', 'ABCDEFGHIJK', 1, null])('refuses %p by name', (text) => {
    expect(() => parseCurrency(text, 'baseCurrency')).toThrow(/^baseCurrency: /);
  });
});
