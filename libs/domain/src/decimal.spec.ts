import { Decimal, describeValue, parseDecimal } from './decimal';
import { DomainError } from './domain-error';

describe('parseDecimal', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['1.10', '1.1'],
    ['-1234.50', '-1234.5'],
    ['999999999999999999.9999999999', '999999999999999999.9999999999'],
    ['0.0000000001', '0.0000000001'],
  ])('takes %s as %s', (text, expected) => {
    expect(parseDecimal(text, 'amount').toFixed()).toBe(expected);
  });

  it.each([
    'NaN', 'Infinity', '-Infinity', '', ' 1', '1 ', '1,000', '1_000', '0x10', '0b11', '0o17', '1e5', '1e400', '+5', '.5', '5.',
    '١٢٣', '１２', '−5', '01', '0.12345678901', '1234567890123456789', '--1', '1.2.3', '9'.repeat(200_000),
    `0.${'0'.repeat(200_000)}1`, 1, 0.1, true, null, undefined, [], {},
  ])('refuses %p by name', (text) => {
    expect(() => parseDecimal(text, 'amount')).toThrow(DomainError);
    expect(() => parseDecimal(text, 'amount')).toThrow(/^amount: /);
  }); // prettier-ignore

  it('never returns negative zero', () => {
    expect(Object.is(parseDecimal('-0', 'amount').toNumber(), 0)).toBe(true);
  });

  it('does not depend on the global settings of decimal.js', () => {
    expect(new Decimal(1).div(3).toFixed(39)).toBe(`0.${'3'.repeat(39)}`);
  });
});

describe('describeValue', () => {
  it('cuts a hostile value to a short text', () => {
    expect(describeValue('9'.repeat(10_000)).length).toBeLessThan(80);
  });
  it('shows numbers that JSON would hide', () => {
    expect(describeValue(NaN)).toBe('NaN');
  });
});
