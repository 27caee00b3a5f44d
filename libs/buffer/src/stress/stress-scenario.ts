import { DomainError, type UnderlyingKind } from '@ballast/domain';
import type { AssetClass } from './asset-class';
import type { StressFigure } from './stress-figure';

/** How a scenario moves an underlying; of the three price moves one at most. */
export interface StressMove {
  /** Relative move of the price: −0.1 = −10 %. */
  readonly spot?: number;
  /** Absolute move of the price [quote currency per unit]. */
  readonly spotBy?: number;
  /** Price that is reached [quote currency per unit]. */
  readonly spotTo?: number;
  /** Relative move of every volatility: 0.25 turns 20 % into 25 %; ≥ −1. */
  readonly volatility?: number;
  /** Parallel move of the rates, 0.01 = one percentage point [1/year]. */
  readonly rate?: number;
}

/**
 * A situation of the market. What moves an underlying is, in this order, its own move, that of its asset class, that of its
 * kind, and the move of the market times its beta; an underlying that none of them names stays, and is reported.
 */
export interface StressScenario {
  /** Stable name, for example `1987-10-19`. */
  readonly name: string;
  /** What happened, in a sentence. */
  readonly title: string;
  readonly origin: 'HISTORICAL' | 'HYPOTHETICAL' | 'CUSTOM';
  readonly byUnderlying?: Readonly<Record<string, StressMove>>;
  readonly byClass?: Readonly<Partial<Record<AssetClass, StressMove>>>;
  readonly byKind?: Readonly<Partial<Record<UnderlyingKind, StressMove>>>;
  /** Move of the market as a whole; prices by beta × spot, volatilities and rates as they are. */
  readonly market?: Omit<StressMove, 'spotBy' | 'spotTo'>;
  /** By underlying; 1 where one is not named. */
  readonly betas?: Readonly<Record<string, number>>;
  /**
   * AS_STATED: moves have the signs they are written with. ADVERSE: each price moves by the stated size in the direction
   * that alone costs the account more, so that nothing offsets anything.
   */
  readonly direction?: 'AS_STATED' | 'ADVERSE';
  /**
   * What happens to options of an underlying that falls to 0 or below. REFUSE: the scenario is refused where the model of
   * the methodology needs a positive price. BACHELIER: they are valued by the normal model from the price of now on.
   */
  readonly negativePrices?: 'REFUSE' | 'BACHELIER';
  /** Calendar days that pass, ≥ 0. */
  readonly days?: number;
  /** Where the figures come from, one line each; empty for custom ones. */
  readonly sources: readonly string[];
  /** The same figure by figure, with how far each was checked; absent for custom ones. */
  readonly figures?: readonly StressFigure[];
}

/**
 * Checks a scenario: a name, finite numbers, one price move at most per place.
 *
 * @param path  of the scenario in the caller's input, for messages
 * @throws DomainError 'INVALID_MARKET_DATA' naming the place and the value
 */
export function checkStressScenario(scenario: StressScenario, path: string): void {
  if (scenario.name.trim() === '' || scenario.name.length > 100) refuse(`${path}.name`, 'expected 1 to 100 characters');
  const { days = 0 } = scenario;
  if (!(days >= 0 && Number.isFinite(days))) refuse(`${path}.days`, `expected 0 or more, got ${days}`);
  for (const [group, moves] of [
    ['underlyings', scenario.byUnderlying],
    ['classes', scenario.byClass],
    ['kinds', scenario.byKind],
    ['market', scenario.market === undefined ? undefined : { market: scenario.market }],
  ] as const)
    for (const [key, move] of Object.entries(moves ?? {}) as [string, StressMove][])
      checkMove(move, group === 'market' ? `${path}.market` : `${path}.${group}.${key}`);
  for (const [id, beta] of Object.entries(scenario.betas ?? {}))
    if (!(Math.abs(beta) <= 100)) refuse(`${path}.betas.${id}`, `expected a number within ±100, got ${beta}`);
}

function checkMove(move: StressMove, path: string): void {
  const prices = (['spot', 'spotBy', 'spotTo'] as const).filter((key) => move[key] !== undefined);
  if (prices.length > 1) refuse(path, `states ${prices.join(' and ')}, expected one price move`);
  for (const [key, value] of Object.entries(move) as [string, number][])
    if (!Number.isFinite(value)) refuse(`${path}.${key}`, `expected a number, got ${value}`);
}

function refuse(field: string, reason: string): never {
  throw new DomainError('INVALID_MARKET_DATA', `${field}: ${reason}`, field);
}
