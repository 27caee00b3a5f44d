import fc from 'fast-check';
import { TradeHeap } from './trade-heap';

describe('TradeHeap', () => {
  it('gives back in the order of bound, then contracts, then arrival', () => {
    const item = fc.record({ bound: fc.integer({ min: 0, max: 5 }), contracts: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const heap = new TradeHeap();
        items.forEach((given, place) => heap.push({ ...given, parent: null, place, cost: 0 }));
        const popped = items.map(() => heap.pop());
        const expected = items
          .map((given, place) => ({ ...given, place }))
          .sort((a, b) => a.bound - b.bound || a.contracts - b.contracts || a.place - b.place);
        expect(popped.map((node) => node?.place)).toEqual(expected.map(({ place }) => place));
        expect(heap.pop()).toBeUndefined();
      }),
      { seed: 5 },
    );
  });
});
