/**
 * Independent TIMS requirement of a portfolio document in one currency: own trees, own root finding, groups by direct
 * summation. Shares no code with libs/.
 */
import { oracleBinomialTree, oracleBlackScholes, oracleRoot, oracleYears } from './lognormal-oracle';
import { heldContracts, type HeldContract, type PortfolioDocument } from './portfolio-document';

const defaultRanges: Readonly<Record<string, readonly [number, number]>> = {
  equity: [-0.15, 0.15], 'narrow-index': [-0.15, 0.15], 'broad-index': [-0.1, 0.1], 'high-cap-index': [-0.08, 0.06],
  fx: [-0.06, 0.06], future: [-0.1, 0.1], crypto: [-0.2, 0.2], other: [-0.2, 0.2],
}; // prettier-ignore

interface Group {
  readonly id: string;
  readonly members: readonly string[];
  readonly offset: number;
}

interface Scanned {
  readonly id: string;
  readonly losses: readonly number[];
  readonly minimum: number;
}

/** Requirement, and the losses of every class at its points. */
export function timsOracle(document: PortfolioDocument) {
  const p = document.parameters ?? {};
  const count = p.valuationPoints ?? 10;
  const held = heldContracts(document);
  const ids = [...new Set(held.map(({ underlying }) => underlying.id))].sort();
  const classes = ids.map((id): Scanned => {
    const own = held.filter(({ underlying }) => underlying.id === id);
    const [low, high] =
      p.ranges?.[own[0]?.underlying.kind ?? 'other'] ?? defaultRanges[own[0]?.underlying.kind ?? 'other'];
    const moves = Array.from({ length: count }, (_, point) => {
      const step = point < count / 2 ? point - count / 2 : point - count / 2 + 1;
      return ((step < 0 ? -low : high) * step) / (count / 2);
    });
    const arrays = own.map((position) => positionLosses(document, position, moves));
    return {
      id,
      losses: moves.map((_, point) => arrays.reduce((sum, losses) => sum + (losses[point] as number), 0)),
      minimum: own
        .filter(({ instrument }) => instrument.type !== 'underlying')
        .reduce((sum, item) => sum + (p.minimumPerContract ?? 0.375) * item.multiplier * Math.abs(item.quantity), 0),
    };
  });
  const join = (members: readonly Scanned[], groups: readonly Group[]): readonly Scanned[] => {
    const inGroups = groups.flatMap((group) => {
      const own = members.filter(({ id }) => group.members.includes(id));
      if (own.length === 0) return [];
      const losses = (own[0] as Scanned).losses.map((_, point) => {
        const all = own.map((member) => member.losses[point] as number);
        const lost = all.filter((loss) => loss > 0).reduce((sum, loss) => sum + loss, 0);
        const gained = all.filter((loss) => loss < 0).reduce((sum, loss) => sum - loss, 0);
        return lost - group.offset * gained;
      });
      return [{ id: group.id, losses, minimum: own.reduce((sum, { minimum }) => sum + minimum, 0) }];
    });
    const named = groups.flatMap((group) => group.members);
    return [...inGroups, ...members.filter(({ id }) => !named.includes(id))];
  };
  const standing = join(join(classes, p.productGroups ?? []), p.portfolioGroups ?? []);
  const requirement = standing.reduce((sum, { losses, minimum }) => sum + Math.max(0, minimum, ...losses), 0);
  return { requirement, classes };
}

function positionLosses(
  document: PortfolioDocument,
  position: HeldContract,
  moves: readonly number[],
): readonly number[] {
  const { instrument, underlying, multiplier, quantity } = position;
  const spot = Number(underlying.price);
  if (instrument.type !== 'option') {
    return moves.map((move) => -quantity * multiplier * Number(instrument.price ?? underlying.price) * move);
  }
  const terms = {
    right: instrument.right ?? 'call',
    strike: Number(instrument.strike),
    years: oracleYears(document.asOf, instrument.expiry ?? ''),
    rate: underlying.rate ?? 0,
    dividendYield: underlying.kind === 'future' ? (underlying.rate ?? 0) : (underlying.dividendYield ?? 0),
  };
  const p = document.parameters ?? {};
  const european = instrument.exercise === 'european' || p.model === 'black-scholes';
  const value = (at: number, volatility: number) =>
    european
      ? oracleBlackScholes({ ...terms, spot: at, volatility })
      : oracleBinomialTree({ ...terms, spot: at, volatility }, p.steps ?? 500);
  const volatility =
    instrument.volatility ?? oracleRoot((sigma) => value(spot, sigma), Number(instrument.price), 0.01, 5);
  const base = value(spot, volatility);
  return moves.map((move) => quantity * multiplier * (base - value(spot * (1 + move), volatility)));
}
