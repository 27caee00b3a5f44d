import { instantOf, canonicalJson, parseInstant, type Instrument } from '@ballast/domain';
import { demoAccounts, demoFirms } from './demo-account';
import { demoCloses, demoExpiries } from './demo-calendar';
import { demoEvaluation } from './demo-evaluation';
import { drawFirmBook } from './demo-firm-book';
import { demoInstruments, demoListed, demoPath, demoSnapshot } from './demo-market';
import { demoDaysBefore, demoPriceHistory } from './demo-price-history';
import { demoUnderlyings } from './demo-underlying';

const until = parseInstant('2026-11-20T21:00:00Z', 'until');

function market(): { instruments: Instrument[]; snapshot: string } {
  const drawn = demoUnderlyings.map((underlying, index) => ({
    underlying,
    path: demoPath(underlying, 90, 1000 + index),
  }));
  const instruments = drawn.flatMap(({ underlying, path }) =>
    demoInstruments(underlying, until, path.at(-1)?.price ?? NaN),
  );
  const states = drawn.map(({ underlying, path }) => ({
    underlying,
    state: path.at(-1) ?? { price: NaN, volatility: NaN },
  }));
  return { instruments, snapshot: canonicalJson(demoSnapshot({ asOf: until, underlyings: states, instruments })) };
}

describe('the demo calendar', () => {
  it('closes on weekdays only, oldest first, and ends at or before the given instant', () => {
    const closes = demoCloses(until, 90);
    expect(closes).toHaveLength(90);
    expect(closes.at(-1)).toBe(until);
    expect(closes.every((close) => ![0, 6].includes(new Date(close).getUTCDay()))).toBe(true);
  });

  it('lists third Fridays after the history, or the Thursday before one that is a holiday', () => {
    expect(demoExpiries(until, 21).map((expiry) => new Date(expiry).toISOString())).toEqual([
      '2026-12-18T21:00:00.000Z',
      '2027-01-15T21:00:00.000Z',
      '2027-03-19T21:00:00.000Z',
      '2027-06-17T21:00:00.000Z',
    ]);
  });
});

describe('the demo calendar beyond the published holidays', () => {
  it.each(['2023-05-01', '2028-09-01', '2035-05-01'])('lists expiries for a demo drawn up to %s', (date) => {
    const listed = demoExpiries(instantOf(Date.parse(date)), 21);
    expect(listed).toHaveLength(4);
    expect(listed.every((expiry) => [4, 5].includes(new Date(expiry).getUTCDay()))).toBe(true);
  });
});

describe('the demo market', () => {
  it('is the same bits at every call', () => expect(market().snapshot).toBe(market().snapshot));

  it('quotes every contract with a price and a volatility, bid not above ask', () => {
    const drawn = demoUnderlyings.map((underlying, index) => ({
      underlying,
      path: demoPath(underlying, 90, 1000 + index),
    }));
    for (const { underlying, path } of drawn) {
      const instruments = demoInstruments(underlying, until, path.at(-1)?.price ?? NaN);
      for (const state of path) {
        const snapshot = demoSnapshot({ asOf: until, underlyings: [{ underlying, state }], instruments });
        const quotes = [...snapshot.instruments.values()];
        const wrong = quotes.filter(({ mark, bid, ask }) => mark?.isFinite() !== true || bid?.lte(ask ?? 0) !== true);
        expect([quotes.length, wrong]).toEqual([instruments.length, []]);
      }
    }
  });

  it('quotes the near strikes of three expiries at first and everything in the last weeks', () => {
    const share = demoUnderlyings[0] as (typeof demoUnderlyings)[number];
    const chain = demoInstruments(share, until, 200);
    const listedOn = (day: number): readonly Instrument[] => demoListed(chain, { day, days: 90, strikesPerSide: 5 });
    expect(listedOn(75)).toEqual(chain);
    const options = listedOn(74).flatMap((one) => (one.type === 'option' ? [one] : []));
    expect(options).toHaveLength(3 * 11 * 2);
    expect(new Set(options.map(({ expiry }) => expiry))).toEqual(new Set(demoExpiries(until, 21).slice(0, 3)));
    const strikes = options.map(({ strike }) => strike.toNumber());
    expect([Math.min(...strikes), Math.max(...strikes)]).toEqual([165, 215]);
    expect(listedOn(0)).toContainEqual(expect.objectContaining({ type: 'underlying' }));
  });

  it('falls once and is afraid afterwards', () => {
    const index = demoUnderlyings.find(({ id }) => id === 'BXI') ?? demoUnderlyings[0];
    const path = demoPath(index as (typeof demoUnderlyings)[number], 90, 1001);
    const calm = path[50]?.volatility ?? NaN;
    const afraid = path[58]?.volatility ?? NaN;
    expect(afraid / calm).toBeGreaterThan(1.5);
  });
});

describe('the demo price history', () => {
  const closes = demoCloses(until, 90);
  const drawn = demoUnderlyings.map((underlying, index) => ({
    underlying,
    path: demoPath(underlying, 90, 1000 + index),
    seed: index,
  }));
  const { symbols, days } = demoPriceHistory(drawn, closes);

  it('joins two years before to the closes of the demo, a price per weekday and underlying', () => {
    expect(symbols).toEqual(demoUnderlyings.map(({ id }) => id));
    expect(days).toHaveLength(demoDaysBefore + 90);
    expect(days.at(-1)?.date).toBe('2026-11-20');
    expect(days.map(({ date }) => date)).toEqual([...new Set(days.map(({ date }) => date))].sort());
    expect(days.flatMap(({ prices }) => prices).every((price) => price !== null && price > 0)).toBe(true);
    expect(days[demoDaysBefore]?.prices).toEqual(demoUnderlyings.map(({ priceAtStart }) => priceAtStart));
  });

  it('moves as much as the underlying is said to, and indices with shares', () => {
    const returnsOf = (column: number): number[] =>
      days.slice(1, demoDaysBefore).map(({ prices }, day) => Math.log(prices[column]! / days[day]!.prices[column]!));
    const rms = (values: readonly number[]): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    for (const [column, { volatilityCalm }] of demoUnderlyings.entries())
      expect(rms(returnsOf(column)) * Math.sqrt(252)).toBeCloseTo(volatilityCalm, 1);
    const [share, index] = [returnsOf(0), returnsOf(1)];
    const product = share.reduce((sum, value, day) => sum + value * (index[day] ?? NaN), 0) / share.length;
    expect(product / (rms(share) * rms(index))).toBeCloseTo(0.49, 1);
  });
});

describe('the demo accounts', () => {
  const { instruments } = market();
  const accounts = demoFirms.flatMap((firm) => demoAccounts(firm, instruments, 90));

  it('are sixty in three firms, with the books the product is shown with', () => {
    expect(accounts).toHaveLength(60);
    expect(new Set(accounts.map(({ firmCode }) => firmCode)).size).toBe(3);
    expect(new Set(accounts.map(({ firmCode, code }) => `${firmCode}/${code}`)).size).toBe(60);
    expect(accounts.find(({ code }) => code === 'MM-001')?.laterLines[0]?.lines).toHaveLength(400);
    expect(accounts.find(({ code }) => code === 'EMPTY-001')?.lines).toHaveLength(0);
  });

  it('hold listed contracts only', () => {
    const listed = new Set(instruments.map(({ id }) => id));
    const held = accounts.flatMap(({ lines, laterLines }) => [...lines, ...laterLines.flatMap((later) => later.lines)]);
    expect(held.filter(({ instrumentId }) => !listed.has(instrumentId))).toEqual([]);
  });
});

describe('the history of a demo firm', () => {
  const plan = demoFirms.find(({ code }) => code === 'NORDLICHT') as (typeof demoFirms)[number];
  const days = 20;
  /** Figures by account code: identifiers are drawn anew for every book. */
  const figuresOf = (ahead: number): unknown[] => {
    const book = drawFirmBook(plan, until);
    const codes = new Map(book.accounts.map(({ account }) => [account.id, account.code]));
    const evaluation = demoEvaluation(book);
    for (let day = 0; day < ahead; day += 1) expect(evaluation.advance()).toBe(true);
    return Array.from({ length: days }, () => {
      const { snapshot, results } = evaluation.next() as NonNullable<ReturnType<typeof evaluation.next>>;
      const figures = results.map(({ accountId, status, buffer }) => [codes.get(accountId), status, buffer]);
      return [snapshot.asOf, canonicalJson(figures)];
    });
  };

  it('is the same whether its days are evaluated ahead or when they are asked for', () => {
    const asked = figuresOf(0);
    expect(asked.map((day) => (day as unknown[])[0])).toEqual(demoCloses(until, 90).slice(0, days));
    expect(figuresOf(7)).toEqual(asked);
  });

  it('has a price of everything that is held, from whatever day it is drawn', () => {
    for (const day of ['2024-07-01T21:00:00Z', '2026-02-27T21:00:00Z', '2027-01-04T22:00:00Z']) {
      for (const firm of demoFirms) {
        const { accounts, closes } = drawFirmBook(firm, parseInstant(day, 'day'));
        const held = accounts.flatMap(({ holdings }) => holdings.at(-1)?.positions ?? []);
        expect([closes.length, held.length > 20]).toEqual([90, true]);
      }
    }
  });

  it('ends after the last day', () => {
    const evaluation = demoEvaluation({ ...drawFirmBook(plan, until), accounts: [] });
    let count = 0;
    while (evaluation.advance()) count += 1;
    for (let day = 0; day < count; day += 1) expect(evaluation.next()?.results).toEqual([]);
    expect([count, evaluation.next(), evaluation.advance()]).toEqual([90, undefined, false]);
  });
});
