/**
 * Independent SPAN-style requirement of a portfolio document: textbook prices, spreads formed by small steps on plain
 * tables, totals as the clearing houses print them. Shares no code with libs/.
 */
import { type Array16, arrayOf, fullMove, oracleMoves, parametersOf, rateTo, sizes } from './span-array-oracle';
import { heldContracts, type HeldContract, type PortfolioDocument } from './portfolio-document';

/* eslint-disable @typescript-eslint/no-explicit-any -- parameters are read as the plain JSON they are */

/** Figures of one commodity in the base currency. */
export interface SpanOracleCommodity {
  readonly id: string;
  readonly losses: readonly number[];
  scan: number;
  calendar: number;
  delivery: number;
  credit: number;
  minimum: number;
  exposure: number;
  maintenance: number;
  initial: number;
}

/** Requirement, option value and the components of every commodity in ascending order of identifier. */
export function spanOracle(document: PortfolioDocument) {
  const held = netted(heldContracts(document));
  const ids = [...new Set(held.map(({ underlying }) => underlying.id))].sort();
  const books = new Map(ids.map((id) => [id, bookOf(id, held, document)]));
  const spreads: any[] = document.parameters?.intercommodity ?? [];
  for (const spread of spreads.filter(({ method }) => method === 'scanning')) {
    const target = spread.target ?? spread.legs.map((leg: any) => leg.underlying).join('+');
    if (!books.has(target)) books.set(target, emptyBook(target, document));
  }
  const byPriority = (superOnly: boolean) =>
    spreads
      .filter((spread) => (spread.super ?? false) === superOnly)
      .sort((a, b) => (a.priority ?? 1) - (b.priority ?? 1));
  byPriority(true).forEach((spread) => creditSpread(spread, books));
  for (const book of books.values()) {
    chargeCalendars(book);
    chargeDelivery(book);
  }
  byPriority(false).forEach((spread) => creditSpread(spread, books));
  const targets = spreads
    .filter(({ method }) => method === 'scanning')
    .map(({ target, legs }) => target ?? legs.map((leg: any) => leg.underlying).join('+'));
  const commodities = [...books.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((book) => totalsOf(book, targets.includes(book.id)));
  const add = (pick: (item: SpanOracleCommodity) => number) => commodities.reduce((sum, item) => sum + pick(item), 0);
  return {
    commodities,
    maintenance: add(({ maintenance }) => maintenance),
    initial: add(({ initial }) => initial),
    netOptionValue: [...books.values()].flatMap(({ rows }) => rows).reduce((sum, row) => sum + row.optionValue, 0),
  };
}

interface Book {
  readonly id: string;
  readonly p: any;
  readonly fx: number;
  readonly scanValue: number;
  readonly rows: readonly Array16[];
  readonly losses: number[];
  readonly scanned: number[];
  readonly months: Map<string, { left: number; used: number }>;
  readonly netDelta: number;
  calendar: number;
  delivery: number;
  credit: number;
}

function netted(held: readonly HeldContract[]): readonly HeldContract[] {
  const sums = new Map<string, HeldContract>();
  for (const item of held) {
    const before = sums.get(item.instrument.id)?.quantity ?? 0;
    sums.set(item.instrument.id, { ...item, quantity: before + item.quantity });
  }
  return [...sums.values()].filter(({ quantity }) => quantity !== 0);
}

function emptyBook(id: string, document: PortfolioDocument): Book {
  const zero = () => new Array<number>(16).fill(0);
  return {
    id,
    p: parametersOf(document, id),
    fx: 1,
    scanValue: 0,
    rows: [],
    losses: zero(),
    scanned: zero(),
    months: new Map(),
    netDelta: 0,
    calendar: 0,
    delivery: 0,
    credit: 0,
  };
}

function bookOf(id: string, held: readonly HeldContract[], document: PortfolioDocument): Book {
  const p = parametersOf(document, id);
  const own = held.filter(({ underlying }) => underlying.id === id);
  const size = sizes(document, id);
  const underlying = (own[0] as HeldContract).underlying;
  const spot = Number(underlying.price);
  const fx = rateTo(document, underlying.currency ?? document.baseCurrency);
  const rows = own.map((item) => arrayOf(item, p, size, document));
  const losses = oracleMoves.map((_, s) =>
    rows.reduce((sum, row) => sum + row.quantity * (row.losses[s] as number), 0),
  );
  const months = new Map<string, { left: number; used: number }>();
  for (const row of rows) {
    const month = months.get(row.month) ?? { left: 0, used: 0 };
    month.left += row.quantity * row.delta;
    months.set(row.month, month);
  }
  const scanValue = (fullMove(p.priceScanRange, spot, size.future) * size.delta * fx) / p.deltaScalingFactor;
  const netDelta = rows.reduce((sum, row) => sum + row.quantity * row.delta, 0);
  return {
    id,
    p,
    fx,
    scanValue,
    rows,
    losses,
    scanned: [...losses],
    months,
    netDelta,
    calendar: 0,
    delivery: 0,
    credit: 0,
  };
}

/** Series before tier, then by priority; A long and B short first, then the reverse. */
function chargeCalendars(book: Book): void {
  const rank = (spread: any) => (spread.kind === 'series' ? 0 : 1e6) + (spread.priority ?? 1);
  const ordered = book.p.calendarSpreads.map((spread: any, index: number) => ({ spread, index }));
  ordered.sort((a: any, b: any) => rank(a.spread) - rank(b.spread) || a.index - b.index);
  for (const { spread } of ordered) {
    for (const signOfA of [1, -1]) {
      const legs = spread.legs.map((leg: any) => ({
        ratio: leg.deltaPerSpread ?? 1,
        sign: leg.side === 'A' ? signOfA : -signOfA,
        months: [...book.months.keys()].filter((month) => leg.from <= month && month <= (leg.to ?? leg.from)).sort(),
      }));
      const room = (leg: any) =>
        leg.months.reduce(
          (sum: number, month: string) => sum + Math.max(0, leg.sign * (book.months.get(month)?.left ?? 0)),
          0,
        );
      const count = Math.min(...legs.map((leg: any) => room(leg) / leg.ratio));
      if (!(count > 0)) continue;
      book.calendar += count * spread.rate * book.fx;
      for (const leg of legs) {
        let wanted = count * leg.ratio;
        for (const name of leg.months) {
          const month = book.months.get(name) as { left: number; used: number };
          const taken = Math.min(wanted, Math.max(0, leg.sign * month.left));
          month.left -= leg.sign * taken;
          month.used += taken;
          wanted -= taken;
        }
      }
    }
  }
}

function chargeDelivery(book: Book): void {
  for (const { month, spread = 0, outright = 0 } of book.p.deliveryCharge) {
    const found = book.months.get(month);
    if (found !== undefined) book.delivery += (spread * found.used + outright * Math.abs(found.left)) * book.fx;
  }
}

function weightedRisk(book: Book): number {
  const worst = book.losses.indexOf(Math.max(...book.losses));
  const paired = worst >= 14 ? worst : worst % 2 === 0 ? worst + 1 : worst - 1;
  const timeRisk = ((book.losses[0] as number) + (book.losses[1] as number)) / 2;
  const normal =
    (((book.losses[worst] as number) + (book.losses[paired] as number)) / 2 - timeRisk) / Math.abs(book.netDelta);
  if (book.p.weightedFuturesPriceRisk === 'scan-range') return book.scanValue;
  return book.p.weightedFuturesPriceRisk === 'scan-range-cap' ? Math.min(normal, book.scanValue) : normal;
}

function creditSpread(spread: any, books: Map<string, Book>): void {
  const legs = spread.legs.map((leg: any) => ({
    ratio: leg.ratio ?? 1,
    side: leg.side,
    book: books.get(leg.underlying),
  }));
  const net = (book: Book | undefined) =>
    book === undefined ? 0 : [...book.months.values()].reduce((sum, { left }) => sum + left, 0);
  const orientation = legs.map(({ side, book }: any) => Math.sign(net(book)) * (side === 'A' ? 1 : -1));
  if (!orientation.every((sign: number) => sign !== 0 && sign === orientation[0])) return;
  const count = Math.min(...legs.map(({ book, ratio }: any) => Math.abs(net(book)) / ratio));
  const method = spread.method ?? 'weighted';
  if (method === 'weighted' && legs.some(({ book }: any) => !(weightedRisk(book) > 0))) return;
  if (method === 'scanning') {
    const target = books.get(spread.target ?? spread.legs.map((leg: any) => leg.underlying).join('+')) as Book;
    oracleMoves.forEach((_, s) => {
      let combined = 0;
      for (const { book, ratio } of legs) {
        const part = ((count * ratio) / Math.abs(book.netDelta)) * book.losses[s];
        book.scanned[s] -= part;
        combined += part > 0 ? part : spread.rate * part;
      }
      target.scanned[s] = (target.scanned[s] as number) + combined;
    });
  }
  for (const { book, ratio } of legs) {
    if (method === 'weighted') book.credit += weightedRisk(book) * count * ratio * spread.rate;
    if (method === 'flat') book.credit += (count * spread.rate * legs[0].book.fx) / legs.length;
  }
  for (const { book, ratio } of legs) takeNet(book, count * ratio);
}

function takeNet(book: Book, amount: number): void {
  const sign = Math.sign([...book.months.values()].reduce((sum, { left }) => sum + left, 0));
  let wanted = amount;
  for (const name of [...book.months.keys()].sort()) {
    const month = book.months.get(name) as { left: number };
    const taken = Math.min(wanted, Math.max(0, sign * month.left));
    month.left -= sign * taken;
    wanted -= taken;
  }
}

function totalsOf(book: Book, isTarget: boolean): SpanOracleCommodity {
  const { p, rows, calendar, delivery, credit } = book;
  const short = (right: string) =>
    rows.filter((row) => row.right === right && row.quantity < 0).reduce((sum, row) => sum - row.quantity, 0);
  const counted =
    p.shortOptionMinimum.method === 'max' ? Math.max(short('call'), short('put')) : short('call') + short('put');
  const minimum = counted * p.shortOptionMinimum.rate * book.fx;
  const exposure =
    rows.filter(({ quantity }) => quantity < 0).reduce((sum, row) => sum - row.quantity * row.notional, 0) *
    p.exposureRate;
  const scan = Math.max(0, ...book.scanned);
  const charged = scan + calendar + delivery;
  const risk =
    p.aggregation === 'kdpw' ? Math.max(0, Math.max(charged, minimum) - credit) : Math.max(charged - credit, minimum);
  const maintenance = risk + exposure;
  return {
    id: book.id,
    losses: isTarget ? book.scanned : book.losses,
    scan,
    calendar,
    delivery,
    credit,
    minimum,
    exposure,
    maintenance,
    initial: maintenance * p.initialToMaintenanceRatio,
  };
}
