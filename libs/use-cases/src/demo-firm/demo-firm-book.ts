import {
  canonicalJson,
  instantOf,
  type Account,
  type Instant,
  type Instrument,
  type MarketSnapshot,
  type Methodology,
} from '@ballast/domain';
import { newId, type StoredPriceHistory, textHash } from '@ballast/persistence';
import type { AccountHoldings } from '../run/account-holdings';
import type { PreparedMethod } from '../run/evaluate-account';
import { prepareParameterSet } from '../risk-parameters/parameter-sets-in-effect';
import { demoAccounts, type DemoAccount, type DemoFirmPlan } from './demo-account';
import { demoCloses } from './demo-calendar';
import { holdingsByAccount } from './demo-holdings';
import { demoInstruments, demoListed, demoPath, demoSnapshot, type DemoState } from './demo-market';
import { demoProposal, type DemoProposal } from './demo-parameters';
import { demoPriceHistory } from './demo-price-history';
import { demoUnderlyings, type DemoUnderlying } from './demo-underlying';

/** Weekday closes of history that the demo loads. */
export const demoDays = 90;

/** One account with the identifier it will be stored under, and what it holds on each day of the history. */
export interface DrawnAccount {
  readonly account: Account;
  readonly holdings: readonly AccountHoldings[];
}

/** A parameter set before it is stored, and the methodology prepared with it. */
export interface DrawnParameters {
  readonly proposal: DemoProposal & { readonly id: string };
  readonly method: PreparedMethod;
}

/** All that a firm of the demo is before anything is stored. */
export interface DemoFirmBook {
  readonly plan: DemoFirmPlan;
  readonly underlyings: readonly DemoUnderlying[];
  readonly instruments: readonly Instrument[];
  readonly accounts: readonly DrawnAccount[];
  readonly parameters: ReadonlyMap<Methodology, DrawnParameters>;
  readonly closes: readonly Instant[];
  /** Closes of the underlyings up to the last day, from long before the first. */
  readonly priceHistory: StoredPriceHistory;
  /** The market of one day of the history. */
  readonly snapshotOf: (day: number) => MarketSnapshot;
}

/**
 * Draws a firm of the demo without a database: the same plan and instant give the same book, but for the identifiers of
 * accounts and parameter sets.
 *
 * @param until  the history ends at the last weekday close up to this instant
 */
export function drawFirmBook(plan: DemoFirmPlan, until: Instant): DemoFirmBook {
  const closes = demoCloses(until, demoDays);
  const last = closes.at(-1) ?? until;
  const drawn = demoUnderlyings.flatMap((underlying, index) =>
    plan.underlyings.includes(underlying.id)
      ? [{ underlying: listedBy(plan, underlying), path: demoPath(underlying, demoDays, 1000 + index), seed: index }]
      : [],
  );
  const chains = drawn.map(({ underlying, path }) => demoInstruments(underlying, last, path.at(-1)?.price ?? NaN));
  const instruments = chains.flat();
  const snapshotOf = (day: number): MarketSnapshot => {
    const at = { day, days: demoDays, strikesPerSide: plan.strikesPerSideAtFirst };
    const listed = chains.flatMap((chain) => demoListed(chain, at));
    return demoSnapshot({ asOf: closes[day] ?? instantOf(0), underlyings: statesOf(drawn, day), instruments: listed });
  };
  const plans = demoAccounts(plan, instruments, demoDays);
  const holdings = holdingsByAccount(plans, demoDays, snapshotOf);
  return {
    plan,
    underlyings: drawn.map(({ underlying }) => underlying),
    instruments,
    accounts: plans.map((account) => ({ account: accountOf(account), holdings: holdings.get(account.code) ?? [] })),
    parameters: drawParameters(plans, closes[0] ?? instantOf(0)),
    closes,
    priceHistory: demoPriceHistory(drawn, closes),
    snapshotOf,
  };
}

function listedBy(plan: DemoFirmPlan, underlying: DemoUnderlying): DemoUnderlying {
  return { ...underlying, strikesPerSide: Math.min(underlying.strikesPerSide, plan.strikesPerSideMaximum) };
}

function statesOf(
  drawn: readonly { readonly underlying: DemoUnderlying; readonly path: readonly DemoState[] }[],
  day: number,
): { underlying: DemoUnderlying; state: DemoState }[] {
  return drawn.map(({ underlying, path }) => {
    const state = path[day];
    if (state === undefined) throw new Error(`no state of ${underlying.id} on day ${day}`);
    return { underlying, state };
  });
}

function accountOf({ code, name, baseCurrency, methodology }: DemoAccount): Account {
  return { id: newId(), code, name, baseCurrency, methodology };
}

function drawParameters(plans: readonly DemoAccount[], asOf: Instant): Map<Methodology, DrawnParameters> {
  const methodologies = new Set(plans.map(({ methodology }) => methodology));
  return new Map(
    [...methodologies].sort().map((methodology) => {
      const proposal = { ...demoProposal(methodology), id: newId() };
      // Prepared from the text that is stored, as every later run does it.
      const text = canonicalJson(proposal.parameters);
      const method = prepareParameterSet({ methodology, parameters: JSON.parse(text) as unknown }, asOf);
      return [methodology, { proposal, method: { parameterSet: { id: proposal.id, hash: textHash(text) }, method } }];
    }),
  );
}
