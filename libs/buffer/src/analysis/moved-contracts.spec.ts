import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueContracts } from './contract-values';
import { marksAnew, valueMoved } from './moved-contracts';
import { shiftUnderlying } from './shift-underlying';

const contracts = [option('C'), option('P', { right: 'put' }), option('D', { underlying: 'V' }), future('F')];
const quotes = [
  quote('C', { volatility: 0.25 }),
  quote('P', { volatility: 0.3, price: '7' }),
  quote('D', { volatility: 0.3, price: '60' }),
  quote('F', { price: '100' }),
];
const underlyings = [underlyingQuote('U', '100'), underlyingQuote('V', '150')];
const account = preparedAccount({
  portfolio: portfolioOf(
    contracts.map((contract) => position(contract, 1)),
    { methodology: 'TIMS', cash: [cashOf('0')] },
  ),
  snapshot: snapshotOf({ quotes, underlyings }),
});
const known = valueContracts(account, contracts);
const { portfolio, snapshot } = account;
const [u] = underlyings;
if (u === undefined) throw new Error('no underlying');
const down = shiftUnderlying(u, { move: -0.1, from: snapshot.asOf, to: snapshot.asOf, portfolio });
const moved = { portfolio, snapshot: { ...snapshot, underlyings: new Map([...snapshot.underlyings, ['U', down]]) } };

describe('valueMoved', () => {
  it('keeps the distance of a price to that of its volatility, and what did not move as it is', () => {
    const values = valueMoved(moved, known);
    expect(values.marked.map(({ instrument }) => instrument.id)).toEqual(['P']);
    const [before, after] = [known.get('P'), values.contracts.get('P')];
    const rise = (after?.option?.modelPrice ?? NaN) - (before?.option?.modelPrice ?? NaN);
    expect(rise).toBeGreaterThan(3);
    expect(after?.mark).toBe(7 + (after?.option?.modelPrice ?? NaN) - (before?.option?.modelPrice ?? NaN));
    expect(values.contracts.get('D')).toBe(known.get('D'));
    expect(values.contracts.get('C')?.spot).toBe(90);
    expect(marksAnew(moved, known).map(({ mark }) => mark?.toNumber())).toEqual([after?.mark]);
  });

  it('leaves out what has no value, and refuses it where its price follows from it', () => {
    const gone = {
      ...moved.snapshot,
      underlyings: new Map([...moved.snapshot.underlyings, ['U', { ...down, price: null }]]),
    };
    const plain = new Map([...known].filter(([id]) => id !== 'P'));
    expect([...valueMoved({ portfolio, snapshot: gone }, plain).contracts.keys()]).toEqual(['D']);
    expect(() => valueMoved({ portfolio, snapshot: gone }, known)).toThrow('P: no price for its underlying U');
  });
});
