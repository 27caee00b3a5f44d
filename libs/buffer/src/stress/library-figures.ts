// The parts that scenarios of the library have in common, with where their figures come from.
import { betweenCloses, type StressFigure, type StressVerification } from './stress-figure';
import type { StressMove, StressScenario } from './stress-scenario';

type Close = readonly [date: string, value: number];
type Checked = Exclude<StressVerification, 'ASSUMED'>;

/** A scenario with a figure behind each move; its sources are those of the figures. */
type FigureScenario = Omit<StressScenario, 'name' | 'origin' | 'sources'> & {
  readonly figures: readonly StressFigure[];
};

/** What happened. */
export function historical(name: string, scenario: FigureScenario): StressScenario {
  return { name, origin: 'HISTORICAL', sources: sourcesOf(scenario), ...scenario };
}

/** What could happen. */
export function hypothetical(name: string, scenario: FigureScenario): StressScenario {
  return { name, origin: 'HYPOTHETICAL', sources: sourcesOf(scenario), ...scenario };
}

/** Shares and what is not known better fall with the index; a volatility index moves as volatility does. */
export function equities(spot: number, volatilityMove: number, rate?: number): NonNullable<StressScenario['byClass']> {
  const move = { spot, volatility: volatilityMove, ...(rate === undefined ? {} : { rate }) };
  const own = { ...move, spot: volatilityMove };
  return { 'equity-index': move, equity: move, other: move, 'volatility-index': own };
}

const followers = ['equity-index', 'equity', 'other'] as const;
export const equityRates: readonly string[] = [...followers, 'volatility-index'].map((name) => `${name}.rate`);
export const energyVolatilities: readonly string[] = ['crude-oil.volatility', 'energy.volatility'];
export const coinVolatilities: readonly string[] = ['BTC.volatility', 'ETH.volatility', 'crypto.volatility'];

/** The S&P 500 behind the prices of shares, indices and what is not known better. */
export function index(verification: Checked, source: string, from: Close, to: Close): StressFigure {
  const moves = followers.map((name) => `${name}.spot`);
  return betweenCloses({ series: 'S&P 500', from: close(from), to: close(to), moves, verification, source });
}

/** A volatility index behind volatilities of shares and indices, and behind its own price. */
export function volatility(
  verification: Checked,
  source: string,
  from: Close,
  to: Close,
  series: 'VIX' | 'VXO' = 'VIX',
): StressFigure {
  const moves = [...[...followers, 'volatility-index'].map((name) => `${name}.volatility`), 'volatility-index.spot'];
  return betweenCloses({ series, from: close(from), to: close(to), moves, verification, source });
}

/** WTI behind crude oil, and behind other energy. */
export function oil(source: string, from: Close, to: Close): StressFigure {
  const moves = ['crude-oil.spot', 'energy.spot'];
  return betweenCloses({ series: 'WTI', from: close(from), to: close(to), moves, verification: 'STATED', source });
}

/** A cut of the federal funds rate. */
export function rates(what: string, moves: readonly string[]): StressFigure {
  const source = 'Federal Open Market Committee, target range of the federal funds rate';
  return stated(`federal funds ${what}`, source, moves);
}

/** A published figure that nothing here can check. */
export function stated(what: string, source: string, moves: readonly string[]): StressFigure {
  return { moves, what, verification: 'STATED', source };
}

/** Sizes of the correlation flip. */
export const largeDays: NonNullable<StressScenario['byClass']> = {
  'equity-index': { spot: 0.08, volatility: 0.4 },
  equity: { spot: 0.15, volatility: 0.4 },
  'volatility-index': { spot: 0.4, volatility: 0.4 },
  fx: { spot: 0.04, volatility: 0.4 },
  crypto: { spot: 0.2, volatility: 0.4 },
  'crude-oil': { spot: 0.15, volatility: 0.4 },
  energy: { spot: 0.2, volatility: 0.4 },
  metal: { spot: 0.1, volatility: 0.4 },
  agriculture: { spot: 0.08, volatility: 0.4 },
  'interest-rate': { spot: 0.02, volatility: 0.4 },
  other: { spot: 0.15, volatility: 0.4 },
} satisfies Readonly<Record<string, StressMove>>;

function close([date, value]: Close) {
  return { date, value };
}

function sourcesOf({ figures }: FigureScenario): readonly string[] {
  return figures.map(({ what, verification, source }) => `${what}: ${verification.toLowerCase()}, ${source}`);
}
