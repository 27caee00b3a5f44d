import { type InstrumentQuote, parseInstant, type QuoteFlag } from '@ballast/domain';
import { flagsOfOwnVolatility, quotedVolatility } from './quoted-volatility';

const quote = (...flags: QuoteFlag[]): InstrumentQuote => ({
  instrumentId: 'LO',
  bid: null,
  ask: null,
  mark: null,
  impliedVolatility: 1.2,
  quotedAt: parseInstant('2020-04-17T20:00:00Z', 'quotedAt'),
  flags,
});

describe('quotedVolatility', () => {
  it('takes what is quoted in the unit of the model', () => {
    expect(quotedVolatility(quote(), 'bachelier')).toBe(1.2);
    expect(quotedVolatility(quote('Q_WIDE'), 'bachelier')).toBe(1.2);
    expect(quotedVolatility(undefined, 'bachelier')).toBeNull();
  });

  it.each(['Q_NO_IV', 'IV_RANGE', 'FALLBACK_SURFACE', 'FALLBACK_LAST_GOOD', 'FALLBACK_CONSERVATIVE'] as const)(
    'never takes a lognormal one (%s) for a normal one',
    (flag) => {
      expect(quotedVolatility(quote(flag), 'bachelier')).toBeNull();
      expect(quotedVolatility(quote(flag), 'black76')).toBe(1.2);
      expect(quotedVolatility({ ...quote(flag), flags: flagsOfOwnVolatility([flag, 'Q_WIDE']) }, 'bachelier')).toBe(
        1.2,
      );
    },
  );
});
