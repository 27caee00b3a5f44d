import { type Instrument } from '@ballast/domain';
import {
  asOf,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
} from '../../../../test/support/portfolio-builder';
import { encodeRequirementFigures } from '../requirement-figures';
import { openDenseSpanBook } from './dense-span-book';
import { computeDenseSpanRequirement, scanDense } from './dense-span-requirement';
import { parseSpanParameters } from './parse-span-parameters';
import { computeSpanRequirement } from './span-method';

const call = option('C');
const put = option('P', { right: 'put', multiplier: call.multiplier });
const stock = share('S');
const snapshot = snapshotOf({
  quotes: [quote('C', { price: '3.1', volatility: 0.2 }), quote('P', { price: '2.9', volatility: 0.25 })],
});
const parameters = parseSpanParameters({ default: { shortOptionMinimum: { rate: 40 } } }, asOf);

function bothOf(held: readonly (readonly [Instrument, number])[]) {
  const portfolio = portfolioOf(held.map(([instrument, quantity]) => position(instrument, quantity)));
  const full = computeSpanRequirement({ portfolio, snapshot, parameters });
  const book = openDenseSpanBook(parameters, { snapshot, asOf, baseCurrency: 'USD', listedInstruments: [] });
  if (book === null) throw new Error('expected a book');
  const holding = {
    places: book.place(held.map(([instrument]) => instrument)),
    quantities: Float64Array.from(held, ([, quantity]) => quantity),
  };
  return { full, book, holding, dense: computeDenseSpanRequirement(book, holding, () => full) };
}

describe('computeDenseSpanRequirement', () => {
  it.each([
    [[[call, -10]]],
    [
      [
        [call, 4],
        [put, -7],
        [stock, 150],
      ],
    ],
    [
      [
        [put, 3],
        [stock, -40],
      ],
    ],
  ] as const)('gives the bits of the full computation (%#)', (held) => {
    const { full, dense } = bothOf(held as never);
    const read = Object.fromEntries(Object.keys(full).map((name) => [name, dense[name as keyof typeof full]]));
    expect(JSON.stringify(read)).toBe(JSON.stringify(full));
    expect(Buffer.from(dense.figures).equals(encodeRequirementFigures(full))).toBe(true);
  });

  it('asks for an explanation only when it is read', () => {
    const { book, holding, full } = bothOf([[call, -10]]);
    let asked = 0;
    const dense = computeDenseSpanRequirement(book, holding, () => ((asked += 1), full));
    expect([dense.maintenanceRequirement?.amount.toFixed(2), asked]).toEqual([
      full.maintenanceRequirement?.amount.toFixed(2),
      0,
    ]);
    expect([dense.breakdown, asked]).toEqual([full.breakdown, 1]);
  });
});

// A call far out of the money risks less than the minimum of 40 per contract held short.
it('scanDense charges the short option minimum', () => {
  const far = option('C', { strike: call.strike.times(5) });
  const { book, holding } = bothOf([[far, -10]]);
  expect(scanDense(book, holding, 0).maintenance).toBe(400);
});
