// What positions in an invented market require, by arithmetic of its own: nothing of libs/ is used.
import type { SyntheticCommodity, SyntheticMarket, SyntheticOption } from './risk-file-generator';

/** A position: `option` absent for the future of the month. */
export interface SyntheticPosition {
  readonly commodity: number;
  readonly month: number;
  readonly option?: number;
  readonly quantity: number;
}

export interface SyntheticTotals {
  readonly maintenance: number;
  readonly initial: number;
  readonly netOptionValue: number;
}

interface Working {
  readonly commodity: SyntheticCommodity;
  readonly losses: number[];
  readonly byTier: number[][];
  readonly left: number[];
  readonly used: number[];
  readonly net: number;
  readonly optionValue: number;
  readonly minimum: number;
  charge: number;
  credit: number;
}

/** Adds up the requirement in USD: scan, spreads, delivery, credits, minimum, ratio. */
export function totalsOf(
  market: SyntheticMarket,
  positions: readonly SyntheticPosition[],
  accountType: 'member' | 'speculator',
): SyntheticTotals {
  const working = new Map<string, Working>();
  market.commodities.forEach((commodity, index) => {
    const own = positions.filter((position) => position.commodity === index);
    if (own.length > 0) working.set(commodity.combined, sumUp(commodity, own));
  });
  const form = (isSuper: boolean) => {
    for (const spread of [...market.spreads].sort((one, two) => one.priority - two.priority)) {
      if (spread.isSuper !== isSuper) continue;
      const legs = spread.legs.map((leg) => ({ leg, own: working.get(leg.combined) }));
      if (legs.some(({ own }) => own === undefined)) continue;
      formBetween(spread, legs as { leg: (typeof spread.legs)[number]; own: Working }[], market.euroRate);
    }
  };
  form(true);
  for (const own of working.values()) formCalendars(own);
  form(false);
  let maintenance = 0;
  let initial = 0;
  let netOptionValue = 0;
  for (const own of working.values()) {
    const { commodity } = own;
    const rate = commodity.currency === 'EUR' ? market.euroRate : 1;
    const scan = own.byTier.reduce((sum, losses) => sum + Math.max(0, ...losses), 0);
    const risk = Math.max((scan + own.charge) * rate - own.credit, own.minimum * rate);
    maintenance += risk;
    initial += risk * (accountType === 'speculator' ? commodity.speculatorRatio : 1);
    netOptionValue += own.optionValue * rate;
  }
  return { maintenance, initial, netOptionValue };
}

function sumUp(commodity: SyntheticCommodity, positions: readonly SyntheticPosition[]): Working {
  const losses = new Array<number>(16).fill(0);
  const byTier = commodity.isScannedByTier ? commodity.tiers.map(() => [...losses]) : [losses];
  const left = commodity.months.map(() => 0);
  let optionValue = 0;
  let shortCalls = 0;
  let shortPuts = 0;
  for (const { month, option, quantity } of positions) {
    const place = commodity.months[month];
    if (place === undefined) throw new Error(`no month ${month}`);
    const held: SyntheticOption | undefined = option === undefined ? undefined : place.options[option];
    const array = held?.losses ?? place.losses;
    const tier = commodity.tiers.findIndex(([from, to]) => month >= from && month <= to);
    array.forEach((loss, scenario) => {
      losses[scenario] = (losses[scenario] ?? 0) + quantity * loss;
      const own = byTier[tier];
      if (commodity.isScannedByTier && own !== undefined) own[scenario] = (own[scenario] ?? 0) + quantity * loss;
    });
    left[month] = (left[month] ?? 0) + quantity * (held?.delta ?? 1) * commodity.deltaScaling;
    if (held === undefined) continue;
    if (commodity.premiumStyle === 'EQTY') optionValue += quantity * held.price * commodity.contractValueFactor;
    if (quantity < 0 && held.right === 'C') shortCalls -= quantity;
    if (quantity < 0 && held.right === 'P') shortPuts -= quantity;
  }
  const counted = commodity.minimum.method === 'GROSS' ? shortCalls + shortPuts : Math.max(shortCalls, shortPuts);
  const net = left.reduce((sum, delta) => sum + delta, 0);
  const used = left.map(() => 0);
  return {
    commodity,
    losses,
    byTier,
    left,
    used,
    net,
    optionValue,
    minimum: counted * commodity.minimum.rate,
    charge: 0,
    credit: 0,
  };
}

function formCalendars(own: Working): void {
  const { commodity } = own;
  const { seriesSpread, tierSpread, delivery } = commodity;
  own.charge +=
    seriesSpread.rate * pairUp(own, [seriesSpread.near, seriesSpread.near], [seriesSpread.far, seriesSpread.far]);
  const [near, far] = commodity.tiers;
  if (near !== undefined && far !== undefined) own.charge += tierSpread.rate * pairUp(own, near, far);
  own.charge += delivery.spread * (own.used[delivery.month] ?? 0);
  own.charge += delivery.outright * Math.abs(own.left[delivery.month] ?? 0);
}

/** Pairs long deltas of some months with short deltas of others, and the other way round; says how many. */
function pairUp(own: Working, near: readonly [number, number], far: readonly [number, number]): number {
  let pairs = 0;
  for (const sign of [1, -1]) {
    const there = (range: readonly [number, number], side: number) =>
      own.left.reduce(
        (sum, delta, month) => sum + (month >= range[0] && month <= range[1] ? Math.max(0, side * delta) : 0),
        0,
      );
    const count = Math.min(there(near, sign), there(far, -sign));
    take(own, near, sign, count, true);
    take(own, far, -sign, count, true);
    pairs += count;
  }
  return pairs;
}

function take(own: Working, range: readonly [number, number], side: number, amount: number, bySpread: boolean): void {
  let wanted = amount;
  for (let month = range[0]; month <= range[1] && wanted > 0; month += 1) {
    const part = Math.min(wanted, Math.max(0, side * (own.left[month] ?? 0)));
    own.left[month] = (own.left[month] ?? 0) - side * part;
    if (bySpread) own.used[month] = (own.used[month] ?? 0) + part;
    wanted -= part;
  }
}

function formBetween(
  spread: SyntheticMarket['spreads'][number],
  legs: readonly { readonly leg: SyntheticMarket['spreads'][number]['legs'][number]; readonly own: Working }[],
  euroRate: number,
): void {
  const net = (own: Working) => own.left.reduce((sum, delta) => sum + delta, 0);
  const sides = legs.map(({ leg, own }) => Math.sign(net(own)) * (leg.side === 'A' ? 1 : -1));
  if (sides.some((side) => side === 0 || side !== sides[0])) return;
  const count = Math.min(...legs.map(({ leg, own }) => Math.abs(net(own)) / leg.ratio));
  const rateOf = ({ commodity }: Working) => (commodity.currency === 'EUR' ? euroRate : 1);
  const risks = legs.map(({ own }) => {
    const active = own.losses.indexOf(Math.max(...own.losses));
    const paired = active >= 14 ? active : active % 2 === 0 ? active + 1 : active - 1;
    const at = (scenario: number) => own.losses[scenario] ?? 0;
    return (((at(active) + at(paired)) / 2 - (at(0) + at(1)) / 2) / Math.abs(own.net)) * rateOf(own);
  });
  if (spread.method === 'weighted' && risks.some((risk) => !(risk > 0))) return;
  legs.forEach(({ leg, own }, index) => {
    own.credit +=
      spread.method === 'flat'
        ? (count * spread.rate * rateOf(legs[0]?.own ?? own)) / legs.length
        : (risks[index] ?? 0) * count * leg.ratio * spread.rate;
    take(own, [0, own.left.length - 1], Math.sign(net(own)), count * leg.ratio, false);
  });
}
