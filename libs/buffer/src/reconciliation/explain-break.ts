import type { OwnPosition, StatementBreak } from './statement-break';

/** What the record believes today of something that a run saw otherwise; undefined = not looked up. */
export interface LaterBelief {
  /** What is believed today of the instant of the run. */
  readonly corrected: StatementBreak['ours'];
  /** What is held now. */
  readonly now: StatementBreak['ours'];
}

/**
 * Says in a sentence why a position, cash or collateral break may be there: a booking that came after the run, a sign or
 * unit that is different, a contract that was over, a price inside our spread.
 */
export function explainBreak(
  found: StatementBreak,
  context: {
    readonly position?: OwnPosition | undefined;
    readonly later?: LaterBelief | undefined;
    /** Other breaks of the same account. */
    readonly beside?: readonly StatementBreak[];
    readonly asOf: number;
  },
): string {
  const { kind, theirs } = found;
  const { position, later, asOf } = context;
  if (kind === 'ACCOUNT_MISSING_IN_RUN') return 'the run has no account of this code';
  if (kind === 'ACCOUNT_MISSING_IN_STATEMENT') return 'the statement does not name the account, which is not empty';
  if (kind === 'PRICE') return explainPrice(found, position);
  if (kind === 'COLLATERAL_VALUE') return explainCollateralValue(found, context.beside ?? []);
  if (theirs !== null && later?.corrected != null && later.corrected.equals(theirs))
    return 'the record agrees today: what the run saw was corrected later, run again';
  if (theirs === null && later?.corrected?.isZero() === true)
    return 'the record agrees today: what the run saw was taken back later, run again';
  if (theirs !== null && later?.now != null && later.now.equals(theirs))
    return 'a movement after the run: the statement is of a later moment';
  return explainSides(found, position, asOf);
}

function explainSides({ kind, ours, theirs }: StatementBreak, position: OwnPosition | undefined, asOf: number): string {
  const instrument = position?.instrument;
  if (kind === 'POSITION_MISSING_IN_STATEMENT') {
    const isOver = instrument !== undefined && 'expiry' in instrument && instrument.expiry <= asOf;
    return isOver ? 'the contract was over at the instant of the run; settle the expiry' : 'held by us only';
  }
  if (kind === 'POSITION_MISSING_IN_RUN') return 'held there only: no booking of ours explains it';
  if (ours !== null && theirs !== null && !ours.isZero()) {
    if (theirs.equals(ours.negated())) return 'the sign is reversed';
    const multiplier = instrument?.multiplier;
    if (multiplier !== undefined && !multiplier.equals(1)) {
      if (theirs.equals(ours.times(multiplier))) return `stated in units: ${multiplier.toFixed()} to a contract`;
      if (ours.equals(theirs.times(multiplier))) return `ours is in units: ${multiplier.toFixed()} to a contract`;
    }
  }
  return 'no booking of ours explains the difference';
}

function explainCollateralValue({ item }: StatementBreak, beside: readonly StatementBreak[]): string {
  const differs = [
    ['COLLATERAL_QUANTITY', 'quantity'],
    ['COLLATERAL_PRICE', 'price'],
  ].flatMap(([kind, word]) => (beside.some((other) => other.kind === kind && other.item === item) ? [word] : []));
  const others = 'haircut, exchange rate or concentration limit';
  if (differs.length === 0) return `no other break of the asset: a ${others} of the other house differs`;
  return `the ${differs.join(' and the ')} of the asset differ${differs.length === 1 ? 's' : ''}; what that does not make is a ${others}`;
}

function explainPrice({ theirs }: StatementBreak, position: OwnPosition | undefined): string {
  const quote = position?.quote;
  if (position?.price == null) return 'the run had no price of it';
  if (quote?.mark == null) return 'our price follows from the underlying or the model: the snapshot has no quote';
  const flags = quote.flags.length === 0 ? '' : `; our quote is flagged ${quote.flags.join(', ')}`;
  const time = `our mark of ${new Date(quote.quotedAt).toISOString()}`;
  const { bid, ask } = quote;
  if (bid === null || ask === null) return `${time}${flags}`;
  const isInside = theirs !== null && theirs.greaterThanOrEqualTo(bid) && theirs.lessThanOrEqualTo(ask);
  return `${time}; theirs lies ${isInside ? 'inside' : 'outside'} our spread ${bid.toFixed()} to ${ask.toFixed()}${flags}`;
}
