import { Decimal } from '@ballast/domain';
import {
  asOf,
  daysLater,
  future,
  option,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { CommonSpanBook, createCommonSpanColumns } from './common-span-book';
import { openDenseSpanBook } from './dense-span-book';
import { computeDenseSpanRequirement } from './dense-span-requirement';
import { denseFigures } from './dense-span-rows';
import { parseSpanParameters } from './parse-span-parameters';

const strikes = Array.from({ length: 30 }, (_, index) => 85 + index);
const calls = strikes.map((strike) => option(`C${strike}`, { strike: new Decimal(strike) }));
const underlyings = [underlyingQuote('U', '100'), underlyingQuote('V', '50')];
const quotes = strikes.map((strike) => quote(`C${strike}`, { volatility: 0.2 + strike / 1_000 }));
const snapshot = snapshotOf({ underlyings, quotes });
const listed = future('F');
const input = { snapshot, asOf, baseCurrency: 'USD', listedInstruments: [listed] };
const parameters = parseSpanParameters({}, asOf);
const contracts = [...calls, share('S'), share('T', { underlying: 'V' }), listed];
const room = { contracts: 64, commodities: 4, scenarios: 16 };
const places = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('CommonSpanBook', () => {
  it('holds the bits of a book of its own, whoever valued a contract', () => {
    const columns = createCommonSpanColumns(room);
    const [one, other] = [
      new CommonSpanBook(parameters, input, columns),
      new CommonSpanBook(parameters, input, columns),
    ];
    const own = openDenseSpanBook(parameters, input);
    if (own === null) throw new Error('expected a book');
    one.place(contracts.slice(0, 12));
    other.place([...contracts].reverse().slice(0, 25));
    const expected = own.place(contracts);
    for (const book of [one, other]) {
      const found = book.place(contracts);
      expect([...found].every((place) => place >= 0)).toBe(true);
      contracts.forEach((_, index) => {
        const [at, from] = [found[index] as number, expected[index] as number];
        expect(book.losses.slice(16 * at, 16 * at + 16)).toEqual(own.losses.slice(16 * from, 16 * from + 16));
        const width = denseFigures.length;
        const row = (figures: Float64Array, place: number) => figures.slice(width * place, width * (place + 1));
        expect(row(book.figures, at)).toEqual(row(own.figures, from));
        expect(book.rights[at]).toBe(own.rights[from]);
        const commodity = book.commodities[book.commodityOf[at] as number];
        expect(commodity).toEqual(own.commodities[own.commodityOf[from] as number]);
      });
      const quantities = Float64Array.from(contracts, (_, index) => (index % 3) - 1.5);
      const explain = () => {
        throw new Error('nobody asked');
      };
      const requirement = computeDenseSpanRequirement(book, { places: found, quantities }, explain);
      const alone = computeDenseSpanRequirement(own, { places: expected, quantities }, explain);
      expect(requirement.figures).toEqual(alone.figures);
      expect(requirement.warnings).toEqual(alone.warnings);
      expect(requirement.warnings).toEqual(['F: price derived from the underlying']);
    }
  });

  it('values each contract once between them', () => {
    const columns = createCommonSpanColumns(room);
    const one = new CommonSpanBook(parameters, input, columns);
    one.place(calls);
    const rows = columns.losses.slice();
    columns.losses.fill(Number.NaN);
    const found = new CommonSpanBook(parameters, input, columns).place(calls);
    expect([...found]).toEqual(places(calls.length));
    expect(columns.losses.every(Number.isNaN)).toBe(true);
    columns.losses.set(rows);
  });

  it('completes what a thread claimed and did not finish', () => {
    const columns = createCommonSpanColumns(room);
    const whole = createCommonSpanColumns(room);
    new CommonSpanBook(parameters, input, whole).place(calls);
    const exchange = Atomics.compareExchange as (...input: [Int32Array, number, number, number]) => number;
    // Another thread claims every second contract and dies.
    let claims = 0;
    const rival = (...[table, at, before, after]: Parameters<typeof exchange>): number => {
      const first = exchange(table, at, before, after);
      return table !== columns.states || (claims += 1) % 2 === 0 ? first : after;
    };
    const race = jest.spyOn(Atomics, 'compareExchange').mockImplementation(rival as never);
    const found = new CommonSpanBook(parameters, input, columns).place(calls);
    race.mockRestore();
    expect(claims).toBe(calls.length);
    expect([...found]).toEqual(places(calls.length));
    expect(columns.losses).toEqual(whole.losses);
    expect(columns.states).toEqual(whole.states);
  });

  it('has no place for what has to be computed in full, and says so to every thread', () => {
    const columns = createCommonSpanColumns({ ...room, contracts: 5 });
    const strange = [option('NO-QUOTE'), option('C-OLD', { expiry: daysLater(-1) }), future('F-OTHER')];
    for (let thread = 0; thread < 2; thread += 1) {
      const book = new CommonSpanBook(parameters, input, columns);
      expect([...book.place([...strange, ...calls.slice(0, 2)])]).toEqual([-1, -1, -1, 3, 4]);
      expect(book.withoutRoom).toBe(0);
      // Full: its accounts are computed one by one.
      expect([...book.place(calls.slice(0, 3))]).toEqual([3, 4, -1]);
      expect(book.withoutRoom).toBe(1);
    }
    const narrow = createCommonSpanColumns({ ...room, commodities: 1 });
    const book = new CommonSpanBook(parameters, input, narrow);
    expect([...book.place([share('S'), share('T', { underlying: 'V' })])]).toEqual([0, -1]);
    expect(book.withoutRoom).toBe(1);
  });

  it('refuses columns of another number of scenarios', () => {
    const columns = createCommonSpanColumns({ ...room, scenarios: 15 });
    expect(() => new CommonSpanBook(parameters, input, columns)).toThrow('columns for 16 scenarios expected');
  });
});
