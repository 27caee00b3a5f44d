import { readAmount, readCash, readFraction, readNamedNumbers, readNumber } from './analysis-values';

describe('values of analysis options', () => {
  it('reads fractions and per cent', () => {
    expect([readFraction('-0.1'), readFraction('-10%'), readFraction('+2.5 %'), readNumber('3')]).toEqual([
      -0.1, -0.1, 0.025, 3,
    ]);
    for (const text of ['ten', '1e3', '', '--1', '5%%'])
      expect(() => readFraction(text)).toThrow('expected a fraction');
  });

  it('reads a general number and numbers by name', () => {
    expect(readNamedNumbers('-0.1,IBM=-20%,A=B=1', readFraction)).toEqual({
      general: -0.1,
      byName: { IBM: -0.2, 'A=B': 1 },
    });
    expect(() => readNamedNumbers('1,2', readFraction)).toThrow('two values without a name');
    expect(() => readNamedNumbers('A=1,A=2', readFraction)).toThrow('A twice in "A=1,A=2"');
    expect(() => readNamedNumbers('=1', readFraction)).toThrow('no name in "=1"');
  });

  it('reads cash by currency', () => {
    expect(readCash('5000,EUR=-200.50').map(({ currency, amount }) => `${currency}:${amount.toFixed(2)}`)).toEqual([
      ':5000.00',
      'EUR:-200.50',
    ]);
    expect(() => readAmount('1,5')).toThrow('plain digits');
    expect(() => readCash('eur=1')).toThrow('currency code');
  });
});
