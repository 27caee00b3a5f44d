import type { StatedPosition } from '@ballast/domain';
import type { OwnPosition } from './statement-break';

/** One contract on both sides; null where a side does not hold it. */
export interface PositionPair {
  /** Our identifier where we know the contract, else the statement's. */
  readonly item: string;
  readonly own: OwnPosition | null;
  readonly theirs: StatedPosition | null;
}

/**
 * Pairs the positions of an account with those of a statement: by identifier, else by the terms that an OSI symbol says
 * (root = our underlying, right, strike, day of expiry). Ordered by item; every position is in exactly one pair.
 */
export function pairPositions(own: readonly OwnPosition[], stated: readonly StatedPosition[]): readonly PositionPair[] {
  const open = new Map(own.map((position) => [position.instrument.id, position]));
  const pairs: PositionPair[] = [];
  const byTerms: StatedPosition[] = [];
  for (const theirs of stated) {
    const mine = open.get(theirs.instrumentId);
    if (mine === undefined) byTerms.push(theirs);
    else if (open.delete(theirs.instrumentId)) pairs.push({ item: theirs.instrumentId, own: mine, theirs });
  }
  for (const theirs of byTerms) {
    const mine = [...open.values()].find((candidate) => hasTerms(candidate, theirs));
    if (mine !== undefined) open.delete(mine.instrument.id);
    pairs.push({ item: mine?.instrument.id ?? theirs.instrumentId, own: mine ?? null, theirs });
  }
  for (const mine of open.values()) pairs.push({ item: mine.instrument.id, own: mine, theirs: null });
  return pairs.sort((left, right) => (left.item < right.item ? -1 : left.item > right.item ? 1 : 0));
}

function hasTerms({ instrument }: OwnPosition, { contract }: StatedPosition): boolean {
  if (contract === undefined || instrument.type !== 'option') return false;
  const day = new Date(instrument.expiry).toISOString().slice(0, 10);
  return (
    instrument.underlying === contract.root &&
    instrument.right === contract.right &&
    instrument.strike.equals(contract.strike) &&
    day === contract.expiryDate
  );
}
