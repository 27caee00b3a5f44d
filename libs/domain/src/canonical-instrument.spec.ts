import fc from 'fast-check';
import { canonicalInstrument, instrumentMembers } from './canonical-instrument';
import { canonicalJson } from './canonical-json';
import { Decimal } from './decimal';
import type { Instrument } from './instrument';

const text = fc.string({ minLength: 1, maxLength: 12 });
const number = fc.constantFrom('100', '12.5', '0.00000001', '-37.63', '1e25').map((digits) => new Decimal(digits));
const base = {
  id: text,
  underlying: text,
  multiplier: number,
  currency: fc.constantFrom('USD', 'BTC'),
  settlement: fc.constantFrom('linear', 'inverse'),
};
const more = {
  calendar: fc.option(text, { nil: undefined }),
  delivery: fc.constantFrom('cash', 'physical', undefined),
  settlementSession: fc.constantFrom('am', undefined),
  adjustedFrom: fc.option(text, { nil: undefined }),
  deliverable: fc.option(
    fc.record({
      components: fc.array(fc.record({ instrumentId: text, quantity: number }), { maxLength: 2 }),
      cash: number,
    }),
    { nil: undefined },
  ),
};
const expiry = fc.integer({ min: 0, max: 4e12 });
const options = fc.record({
  ...{ ...base, ...more, expiry, strike: number, type: fc.constant('option') },
  right: fc.constantFrom('call', 'put'),
  exercise: fc.constantFrom('european', 'american'),
  premiumStyle: fc.constantFrom('equity', 'futures'),
});
const futures = fc.record({ ...base, ...more, expiry, type: fc.constant('future') });
const others = fc.record({ ...base, ...more, type: fc.constantFrom('perpetual', 'underlying') });

describe('canonicalInstrument', () => {
  it('writes what canonicalJson writes', () => {
    fc.assert(
      fc.property(fc.oneof(options, futures, others), (terms) => {
        const instrument = terms as unknown as Instrument;
        expect(canonicalInstrument(instrument)).toBe(canonicalJson(instrument));
      }),
    );
  });

  it('writes every member there is', () => {
    const [whole] = fc.sample(options, { numRuns: 1, seed: 1 });
    const every = { ...whole, calendar: 'C', delivery: 'cash', settlementSession: 'am', adjustedFrom: 'A' };
    const deliverable = { components: [], cash: new Decimal(0) };
    const written = JSON.parse(canonicalInstrument({ ...every, deliverable } as unknown as Instrument)) as object;
    expect(Object.keys(written)).toEqual(instrumentMembers);
  });
});
