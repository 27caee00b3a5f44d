import type { LiquidityTerms } from './sizing-parameters';

/** One contract as it is held, and how liquid it is. */
export interface LiquidityPosition {
  readonly instrumentId: string;
  /** Contracts held net, of any sign. */
  readonly quantity: number;
  /** Base currency per contract and point of price, > 0: multiplier × exchange rate, ÷ price for coin-settled futures. */
  readonly unitValue: number;
  /** Price per unit, for a spread that is assumed. */
  readonly price: number;
  readonly type: 'option' | 'future' | 'perpetual' | 'underlying';
  /** Ask − bid per unit; null without a two-sided quote. A spread of 0 or less is none. */
  readonly spread: number | null;
  /** Contracts open and contracts traded per day, ≥ 0; null = not known. */
  readonly openInterest: number | null;
  readonly volume: number | null;
}

/** What closing everything held costs. */
export interface LiquidityCharge {
  /** [base currency], ≥ 0: half-spreads and what size adds. */
  readonly amount: number;
  /** Figures it follows from, by name. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Size that costs more, and every position that lacks a figure, in sentences. */
  readonly explanation: readonly string[];
}

/** Contracts named in one sentence, and contracts with a sentence of their own. */
const namedMaximum = 10;

/**
 * Charges for closing positions within the days of liquidation D:
 *
 *   Σ spread · value of a unit · (½ |q| + κ · max(0, |q| − a · open interest, |q| − b · volume · D))
 *
 * with κ, a, b of the terms. A figure that is not known limits nothing; the explanation names the contract. Without a
 * two-sided quote the spread is the share of the price that the terms assume, and the explanation says that too. A volume
 * of 0 is known: everything is beyond it. Source: house default; the form is that of size against market depth as clearing
 * houses charge it (EMIR RTS 153/2013 Art. 26 asks for the time a liquidation takes).
 *
 * @returns the same bits whatever the order of the positions
 */
export function liquidityCharge(
  positions: readonly LiquidityPosition[],
  terms: LiquidityTerms,
  liquidationDays: number,
): LiquidityCharge {
  const held = positions.filter(({ quantity }) => quantity !== 0);
  const ordered = held.sort((left, right) => (left.instrumentId < right.instrumentId ? -1 : 1));
  const costs = ordered.map((position) => costOf(position, terms, liquidationDays));
  const halfSpread = costs.reduce((sum, cost) => sum + cost.halfSpread, 0);
  const sizeCharge = costs.reduce((sum, cost) => sum + cost.sizeCharge, 0);
  const days = costs.flatMap(({ daysToLiquidate }) => daysToLiquidate ?? []);
  return {
    amount: halfSpread + sizeCharge,
    inputs: {
      halfSpread,
      sizeCharge,
      ...(days.length === 0 ? {} : { daysToLiquidate: days.reduce((most, one) => Math.max(most, one), 0) }),
      withoutOpenInterest: costs.filter(lacksOpenInterest).length,
      withoutVolume: costs.filter(lacksVolume).length,
      withoutBidAsk: costs.filter(({ hasSpread }) => !hasSpread).length,
    },
    explanation: [...sizeSentences(costs, terms, liquidationDays), ...gapSentences(costs, terms)],
  };
}

interface PositionCost {
  readonly position: LiquidityPosition;
  readonly hasSpread: boolean;
  readonly spread: number;
  readonly halfSpread: number;
  /** Contracts beyond the shares of open interest and of volume; 0 where the figure is not known. */
  readonly beyondOpenInterest: number;
  readonly beyondVolume: number;
  readonly sizeCharge: number;
  readonly daysToLiquidate: number | null;
}

function costOf(position: LiquidityPosition, terms: LiquidityTerms, liquidationDays: number): PositionCost {
  const { unitValue, price, type, openInterest, volume } = position;
  const size = Math.abs(position.quantity);
  const hasSpread = position.spread !== null && position.spread > 0;
  const assumed = Math.abs(price) * (type === 'option' ? terms.optionSpread : terms.otherSpread);
  const spread = hasSpread ? (position.spread as number) : assumed;
  const perDay = volume === null ? null : terms.volumeShare * volume;
  const beyondOpenInterest = openInterest === null ? 0 : Math.max(0, size - terms.openInterestShare * openInterest);
  const beyondVolume = perDay === null ? 0 : Math.max(0, size - perDay * liquidationDays);
  const excess = Math.max(beyondOpenInterest, beyondVolume);
  return {
    position,
    hasSpread,
    spread,
    halfSpread: 0.5 * spread * unitValue * size,
    beyondOpenInterest,
    beyondVolume,
    sizeCharge: terms.excessSpreads * spread * unitValue * excess,
    daysToLiquidate: perDay === null ? null : size / perDay,
  };
}

const lacksVolume = ({ position }: PositionCost): boolean => position.volume === null;

/** A share or coin itself has no open interest, so it lacks none. */
const lacksOpenInterest = ({ position }: PositionCost): boolean =>
  position.openInterest === null && position.type !== 'underlying';

function sizeSentences(costs: readonly PositionCost[], terms: LiquidityTerms, liquidationDays: number): string[] {
  const large = costs.filter(({ beyondOpenInterest, beyondVolume }) => Math.max(beyondOpenInterest, beyondVolume) > 0);
  large.sort((left, right) => right.sizeCharge - left.sizeCharge);
  const told = large.slice(0, namedMaximum).map((cost) => {
    const { position, beyondOpenInterest, beyondVolume, daysToLiquidate } = cost;
    const parts = [
      ...(beyondOpenInterest > 0
        ? [`${shown(beyondOpenInterest)} beyond ${percent(terms.openInterestShare)} of open interest ${shown(position.openInterest as number)}`] // prettier-ignore
        : []),
      ...(beyondVolume > 0
        ? [`${shown(beyondVolume)} beyond ${percent(terms.volumeShare)} of volume ${shown(position.volume as number)} over ${shown(liquidationDays)} days (${daysText(daysToLiquidate as number)})`] // prettier-ignore
        : []),
    ];
    const excess = Math.max(beyondOpenInterest, beyondVolume);
    const size = shown(Math.abs(position.quantity));
    const charge = `${shown(excess)} at ${shown(terms.excessSpreads)} × spread ${shown(cost.spread)}: ${shown(cost.sizeCharge)}`;
    return `${position.instrumentId}: of ${size} contracts ${parts.join(', ')}; ${charge}`;
  });
  const rest = large.length - told.length;
  return rest > 0 ? [...told, `${rest} more contracts beyond open interest or volume`] : told;
}

function gapSentences(costs: readonly PositionCost[], terms: LiquidityTerms): string[] {
  const gap = (lacking: readonly PositionCost[], what: string): string[] =>
    lacking.length === 0 ? [] : [`${what}: ${names(lacking)}`];
  const neither = costs.filter((cost) => lacksVolume(cost) && (lacksOpenInterest(cost) || isHolding(cost)));
  const only = (one: (cost: PositionCost) => boolean): PositionCost[] =>
    costs.filter((cost) => one(cost) && !neither.includes(cost));
  return [
    ...gap(neither, 'no figures of size, charged by bid-ask alone'),
    ...gap(only(lacksOpenInterest), 'no open interest, charged by bid-ask and volume'),
    ...gap(only(lacksVolume), 'no volume, charged by bid-ask and open interest'),
    ...gap(
      costs.filter(({ hasSpread }) => !hasSpread),
      `no two-sided quote, spread assumed (options ${percent(terms.optionSpread)}, others ${percent(terms.otherSpread)} of the price)`,
    ),
  ];
}

const isHolding = ({ position }: PositionCost): boolean => position.type === 'underlying';

function names(costs: readonly PositionCost[]): string {
  const told = costs.slice(0, namedMaximum).map(({ position }) => position.instrumentId);
  const rest = costs.length - told.length;
  return `${told.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function daysText(days: number): string {
  return days === Infinity ? 'nothing trades' : `${shown(days)} days to liquidate`;
}

function percent(share: number): string {
  return `${shown(share * 100)} %`;
}

/** At most eight significant digits, none that say nothing. */
function shown(value: number): string {
  return String(Number(value.toPrecision(8)));
}
