// A requirement taken apart against the same requirement in one piece.
import type { PreparedState } from '@ballast/buffer';
import type { Methodology } from '@ballast/domain';
import type { MarginBook } from '@ballast/margin';
import { breachAccount, breachCases } from './breach-account';

/** What the parts of a random account on three underlyings add up to, and what they should. */
export function apartAndWhole(methodology: Methodology, seed: number) {
  const kind = breachCases.find((item) => item.methodology === methodology);
  if (kind === undefined) throw new Error(`no case of ${methodology}`);
  const account = breachAccount(kind, { lines: 14, seed, cushion: 0.3 });
  const book = bookOf(account);
  const whole = book.takeApart();
  const quantities = Float64Array.from(book.positions, ({ quantity }) => quantity);
  const alone = whole.parts.map(({ underlying }) => bookOf(restrictedTo(account, underlying)).takeApart().parts);
  return {
    whole: book.figuresOf(quantities).maintenanceRequirement,
    combined: whole.maintenanceOf(whole.parts.map(({ figures }) => figures)),
    parts: whole.parts,
    alone: alone.flat(),
  };
}

function restrictedTo(account: PreparedState, underlying: string): PreparedState {
  const positions = account.portfolio.positions.filter(({ instrument }) => instrument.underlying === underlying);
  return { ...account, portfolio: { ...account.portfolio, positions } };
}

function bookOf({ portfolio, snapshot, rules }: PreparedState): MarginBook {
  const preparation = rules.analysis.prepareBook({ portfolio, snapshot });
  if (preparation.status === 'indeterminate') throw new Error(preparation.reasons.join());
  return preparation.book;
}
