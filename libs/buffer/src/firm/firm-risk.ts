import { Decimal, DomainError, fxRateBetween, type MarketSnapshot, type Money, roundMoney } from '@ballast/domain';
import type { GreeksGroup } from '@ballast/margin';
import { PricingInputError } from '@ballast/pricing';
import { type AccountFigures, evaluateState, type PreparedState } from '../analysis/account-state';
import type { Steps } from '../risk/steps';
import { stressOutcome } from '../stress/stress-account';
import { stressLibraryVersion } from '../stress/stress-library';
import { checkStressScenario, type StressScenario } from '../stress/stress-scenario';
import { type Concentration, sumConcentration } from './concentration';
import { type FirmExposure, sumExposure } from './firm-exposure';
import { type RiskGrouping, sumFirmGreeks } from './firm-greeks';
import { type FirmScenario, sumScenario } from './firm-scenario';
import { shareMoves } from './shared-moves';

/** An account of the firm, as the run saw it. */
export interface FirmAccount {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  /** Puts the account together; what it throws leaves the account out. */
  readonly prepare: () => PreparedState;
}

/** What is asked of a firm. */
export interface FirmRiskQuestion {
  readonly by: RiskGrouping;
  readonly scenarios: readonly StressScenario[];
  /** Currency all amounts are stated in, converted at the rates of the snapshot. */
  readonly currency: string;
  /** Accounts and names listed per figure, ≥ 0. */
  readonly top: number;
}

/** An account that takes no part in the figures, and why. */
export interface ExcludedAccount {
  readonly code: string;
  readonly reason: string;
}

/** A firm's accounts together. Sums over the accounts that can be valued. */
export interface FirmRisk {
  readonly currency: string;
  readonly libraryVersion: string;
  /** Accounts looked at, and those that could be valued. */
  readonly accounts: number;
  readonly accountsValued: number;
  readonly accountsExcluded: number;
  /** The first of them by code. */
  readonly excluded: readonly ExcludedAccount[];
  readonly equity: Money;
  readonly collateralValue: Money;
  readonly initial: Money;
  readonly maintenance: Money;
  /** Accounts whose equity is below their maintenance requirement now. */
  readonly breaches: number;
  readonly greeks: readonly GreeksGroup[];
  readonly scenarios: readonly FirmScenario[];
  /** The one with the largest loss over collateral; equal ones by the net loss. Null when none has figures. */
  readonly worstScenario: string | null;
  readonly byUnderlying: FirmExposure;
  /** Of maintenance requirements over accounts. */
  readonly byAccount: Concentration;
}

/** Aggregates accounts as they come; what is kept does not grow with their number. */
export interface FirmRiskSum {
  /** Stops after each scenario. */
  readonly add: (account: FirmAccount) => Steps<void>;
  readonly conclude: () => FirmRisk;
}

/** Excluded accounts named in an answer. */
const excludedShown = 20;

/**
 * Begins the risk of a firm: Σ over accounts of what each account's own stress and requirement say (methodology §5.7).
 * Accounts do not offset each other's requirements or shortfalls: a client's gain pays no other client's loss.
 *
 * The order of the accounts changes no figure. An account that cannot be valued, or whose base currency cannot be
 * converted, is left out and named.
 *
 * @param snapshot  market of now; every account is a state of this object
 * @throws DomainError as checkStressScenario
 */
export function sumFirmRisk(snapshot: MarketSnapshot, question: FirmRiskQuestion): FirmRiskSum {
  const { by, currency, scenarios, top } = question;
  scenarios.forEach((scenario, index) => checkStressScenario(scenario, `scenarios[${index}]`));
  const move = shareMoves(snapshot);
  const greeks = sumFirmGreeks();
  const exposure = sumExposure(snapshot, { currency, top });
  const byAccount = sumConcentration(top);
  const sums = scenarios.map((scenario) => sumScenario(scenario, { currency, top }));
  const totals = { equity: zero, collateralValue: zero, initial: zero, maintenance: zero };
  const excluded: ExcludedAccount[] = [];
  const counts = { accounts: 0, valued: 0, breaches: 0 };
  const convert = (from: string) => {
    const rate = fxRateBetween(snapshot.fx, { from, to: currency });
    return (money: Money): Decimal => roundMoney({ amount: money.amount.times(rate), currency }, 'nearest').amount;
  };
  return {
    *add(account) {
      counts.accounts += 1;
      const known = valued(account, convert);
      if ('reason' in known) {
        excluded.push({ code: account.code, reason: known.reason });
        excluded.sort((left, right) => (left.code < right.code ? -1 : 1));
        if (excluded.length > excludedShown) excluded.pop();
        return;
      }
      const { prepared, amounts, figures, toCurrency } = known;
      counts.valued += 1;
      if (figures.assessment.buffer?.amount.isNegative() === true) counts.breaches += 1;
      for (const key of ['equity', 'collateralValue', 'initial', 'maintenance'] as const)
        totals[key] = totals[key].plus(amounts[key]);
      byAccount.add(account.code, amounts.maintenance);
      greeks.add(prepared);
      exposure.add(figures.requirement.greeks);
      for (const [index, scenario] of scenarios.entries()) {
        const outcome = stressOutcome(prepared, figures, scenario, { move });
        sums[index]?.add({ account, before: figures, outcome, toCurrency });
        yield;
      }
    },
    conclude: () => {
      const outcomes = sums.map((one) => one.conclude());
      const money = (amount: Decimal): Money => ({ amount, currency });
      return {
        currency,
        libraryVersion: stressLibraryVersion,
        accounts: counts.accounts,
        accountsValued: counts.valued,
        accountsExcluded: counts.accounts - counts.valued,
        excluded,
        equity: money(totals.equity),
        collateralValue: money(totals.collateralValue),
        initial: money(totals.initial),
        maintenance: money(totals.maintenance),
        breaches: counts.breaches,
        greeks: greeks.conclude(by),
        scenarios: outcomes,
        worstScenario: worstOf(outcomes),
        byUnderlying: exposure.conclude(),
        byAccount: byAccount.conclude(),
      };
    },
  };
}

const zero = new Decimal(0);

interface Amounts {
  readonly equity: Decimal;
  readonly collateralValue: Decimal;
  readonly initial: Decimal;
  readonly maintenance: Decimal;
}

type Valued =
  | {
      readonly prepared: PreparedState;
      readonly figures: AccountFigures;
      readonly amounts: Amounts;
      readonly toCurrency: (money: Money) => Decimal;
    }
  | { readonly reason: string };

function valued({ prepare }: FirmAccount, convert: (from: string) => (money: Money) => Decimal): Valued {
  try {
    const prepared = prepare();
    const figures = evaluateState(prepared);
    const { equity, collateralValue, reasons } = figures.assessment;
    const { initialRequirement, maintenanceRequirement, qualityReasons } = figures.requirement;
    if (equity === null || collateralValue === null || initialRequirement === null || maintenanceRequirement === null)
      return { reason: [...new Set([...qualityReasons, ...reasons])].join('; ') };
    const toCurrency = convert(prepared.portfolio.baseCurrency);
    const amounts = {
      equity: toCurrency(equity),
      collateralValue: toCurrency(collateralValue),
      initial: toCurrency(initialRequirement),
      maintenance: toCurrency(maintenanceRequirement),
    };
    return { prepared, figures, amounts, toCurrency };
  } catch (error) {
    if (error instanceof DomainError || error instanceof PricingInputError) return { reason: error.message };
    throw error;
  }
}

function worstOf(outcomes: readonly FirmScenario[]): string | null {
  const known = outcomes.filter(({ accounts }) => accounts > 0);
  const [first] = known;
  if (first === undefined) return null;
  return known.reduce((worst, one) => {
    const over = one.lossOverCollateral.amount.comparedTo(worst.lossOverCollateral.amount);
    return over > 0 || (over === 0 && one.loss.amount.greaterThan(worst.loss.amount)) ? one : worst;
  }, first).scenario.name;
}
