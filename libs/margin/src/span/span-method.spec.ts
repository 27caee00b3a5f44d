import { Decimal, type Instrument, parseInstant, type UnderlyingQuote } from '@ballast/domain';
import { computeRequirement } from '../compute-requirement';

const asOf = parseInstant('2026-08-21T12:00:00Z', 'asOf');
const expiry = (asOf + Math.round(0.1096 * 365 * 86_400_000)) as typeof asOf;
const thyao: UnderlyingQuote = {
  underlyingId: 'THYAO', kind: 'equity', currency: 'TRY', price: new Decimal('301.5'), rate: 0.35, dividendYield: 0, forwards: [], quotedAt: asOf,
};
const call: Instrument = {
  id: 'C280', type: 'option', underlying: 'THYAO', right: 'call', strike: new Decimal(280), expiry, exercise: 'european', multiplier: new Decimal(100), currency: 'TRY', settlement: 'linear', premiumStyle: 'equity',
};
it('thyao', () => {
  const r = computeRequirement({
    portfolio: { asOf, methodology: 'SPAN', baseCurrency: 'TRY', positions: [{ instrument: call, quantity: new Decimal(-1) }], cash: [], collateral: [] },
    snapshot: { asOf, underlyings: new Map([['THYAO', thyao]]), instruments: new Map([['C280', { instrumentId: 'C280', bid: null, ask: null, mark: null, impliedVolatility: 0.3021, quotedAt: asOf, flags: [] }]]), fx: [] },
    parameters: { default: { coverFraction: 0.32, shortOptionMinimum: { rate: 1640 } } },
  });
  console.log(JSON.stringify(r, null, 1));
});
