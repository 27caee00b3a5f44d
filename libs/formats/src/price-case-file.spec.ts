import { CaseRefusal } from './case-header';
import { impliedVolatilityCaseHeader, readImpliedVolatilityCase } from './implied-volatility-case-file';
import { priceCaseHeader, readPriceCase } from './price-case-file';

const names = 'id,model,right,spot,forward,strike,yearsToExpiry,rate,dividendYield,volatility,steps,mode'.split(',');
const header = priceCaseHeader({ line: 1, cells: names }, 'c.csv');
const cells = (changes: Record<string, string>) => {
  const base: Record<string, string> = {
    id: '7', model: 'black-scholes', right: 'call', spot: '100', forward: '', strike: '95', yearsToExpiry: '0.5', rate: '0.03',
    dividendYield: '0.01', volatility: '0.2', steps: '', mode: '',
  }; // prettier-ignore
  return names.map((name) => ({ ...base, ...changes })[name] ?? '');
};

describe('price cases', () => {
  it('reads a spot model and a forward model', () => {
    const terms = { right: 'call', strike: 95, yearsToExpiry: 0.5, rate: 0.03, volatility: 0.2 };
    expect(readPriceCase(header, cells({}))).toEqual({
      model: 'black-scholes', ...terms, spot: 100, dividendYield: 0.01, steps: 801, mode: 'accurate',
    }); // prettier-ignore
    expect(readPriceCase(header, cells({ model: 'bachelier', spot: '', forward: '-3', dividendYield: '' }))).toEqual({
      model: 'bachelier',
      ...terms,
      forward: -3,
    });
    expect(readPriceCase(header, cells({ model: 'binomial-crr', steps: '101' }))).toMatchObject({ steps: 101 });
    expect(readPriceCase(header, cells({ model: 'american-alo', mode: 'fast' }))).toMatchObject({ mode: 'fast' });
    expect(readPriceCase(header, cells({ volatility: 'Infinity' }))).toMatchObject({ volatility: Infinity });
  });

  it.each([
    [{ model: 'heston' }, 'model: value "heston": expected black-scholes or black76'],
    [{ forward: '101' }, 'forward: black-scholes takes spot, so forward must be empty'],
    [{ spot: '', forward: '101' }, 'forward: black-scholes takes spot'],
    [{ model: 'black76' }, 'spot: black76 takes forward, so spot must be empty'],
    [{ model: 'black76', spot: '' }, 'forward: the value is missing'],
    [{ dividendYield: '' }, 'dividendYield: the value is missing'],
    [{ right: 'X' }, 'right: value "X": expected call or put'],
    [{ volatility: 'NaN' }, 'volatility: value "NaN": not a finite number'],
    [{ rate: 'Infinity' }, 'rate: value "Infinity": not a finite number'],
    [{ strike: '1,5' }, 'strike: value "1,5": decimal comma'],
    [{ model: 'binomial-crr', steps: '-1' }, 'steps: value "-1": expected a whole number'],
    [{ model: 'american-alo', mode: 'slow' }, 'mode: value "slow": expected fast or accurate'],
  ])('refuses row %j', (changes, message) => {
    expect(() => readPriceCase(header, cells(changes as Record<string, string>))).toThrow(
      new CaseRefusal(message).message,
    );
  });

  it('refuses rows of another width and echoes them at the width of the header', () => {
    expect(() => readPriceCase(header, ['1', 'black76'])).toThrow('2 values where the header has 12');
    expect(header.echo(['1', 'black76'])).toHaveLength(12);
  });

  it.each([
    [
      ['model', 'right', 'strike', 'yearsToExpiry', 'rate', 'volatility'],
      'c.csv:1: column spot: the column is missing',
    ],
    [[...names, 'vol'], 'c.csv:1: column vol: unknown column'],
    [[...names, 'rate'], 'c.csv:1: column rate: the column appears twice'],
    [names.filter((name) => name !== 'rate'), 'c.csv:1: column rate: the column is missing'],
  ])('refuses header %#', (cellsOfHeader, message) => {
    expect(() => priceCaseHeader({ line: 1, cells: cellsOfHeader }, 'c.csv')).toThrow(message);
  });
});

describe('implied volatility cases', () => {
  const short = impliedVolatilityCaseHeader(
    { line: 1, cells: ['price', 'right', 'forward', 'strike', 'yearsToExpiry', 'discountFactor'] },
    'c.csv',
  );

  it('reads rows in the order of the header; the model is black76 unless stated', () => {
    expect(readImpliedVolatilityCase(short, ['5', 'put', '100', '95', '0.5', '0.99'])).toEqual({
      model: 'black76', right: 'put', forward: 100, strike: 95, yearsToExpiry: 0.5, discountFactor: 0.99, price: 5,
    }); // prettier-ignore
  });

  it('refuses what is no number', () => {
    expect(() => readImpliedVolatilityCase(short, ['x', 'put', '100', '95', '0.5', '0.99'])).toThrow(
      'price: value "x"',
    );
  });
});
