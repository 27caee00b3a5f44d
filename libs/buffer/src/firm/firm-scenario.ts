import { Decimal, type Money } from '@ballast/domain';
import type { AccountFigures } from '../analysis/account-state';
import type { BufferStatus } from '../buffer-status';
import type { StressOutcome } from '../stress/stress-account';
import type { StressScenario } from '../stress/stress-scenario';
import { insertLargest } from './concentration';

/** One of the accounts that lose most in a scenario; amounts in the currency of the answer. */
export interface FirmScenarioAccount {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  /** Equity now − equity in the scenario, > 0. */
  readonly loss: Money;
  readonly equity: Money;
  readonly stressedEquity: Money;
  /** Stressed equity − stressed maintenance requirement. */
  readonly stressedBuffer: Money;
  /** max(0, −stressed equity). */
  readonly lossOverCollateral: Money;
  readonly status: BufferStatus;
}

/** A scenario over all accounts of a firm. */
export interface FirmScenario {
  readonly scenario: StressScenario;
  /** Accounts with figures in the scenario. */
  readonly accounts: number;
  /** Accounts that the scenario cannot value. */
  readonly accountsRefused: number;
  /** Σ (equity now − equity in the scenario): accounts that gain count against those that lose. */
  readonly loss: Money;
  /** The same over the accounts that lose. */
  readonly grossLoss: Money;
  /** Σ max(0, −equity in the scenario): what cash, positions and collateral of the accounts do not cover. */
  readonly lossOverCollateral: Money;
  /** Σ max(0, loss − initial requirement of now): what requirements do not cover. */
  readonly lossOverRequirement: Money;
  readonly stressedEquity: Money;
  /** Accounts with equity below maintenance in the scenario, and those of them that are not so now. */
  readonly breaches: number;
  readonly newBreaches: number;
  /** Accounts that would owe money. */
  readonly deficits: number;
  /** The accounts that lose most, by loss. */
  readonly topAccounts: readonly FirmScenarioAccount[];
}

/** An account under the scenario. */
export interface ScenarioAccount {
  readonly account: { readonly id: string; readonly code: string; readonly name: string };
  readonly before: AccountFigures;
  readonly outcome: StressOutcome;
  readonly toCurrency: (money: Money) => Decimal;
}

/** What an account's figures are in the scenario, in the currency of the answer. */
interface Stressed {
  readonly equity: Decimal;
  readonly stressedEquity: Decimal;
  readonly stressedBuffer: Decimal;
  readonly initial: Decimal;
  readonly wasShort: boolean;
  readonly status: BufferStatus;
}

/** Begins the sum of one scenario over the accounts of a firm. */
export function sumScenario(
  scenario: StressScenario,
  { currency, top }: { readonly currency: string; readonly top: number },
): { readonly add: (account: ScenarioAccount) => void; readonly conclude: () => FirmScenario } {
  const sums = { loss: zero, grossLoss: zero, overCollateral: zero, overRequirement: zero, stressedEquity: zero };
  const counts = { accounts: 0, accountsRefused: 0, breaches: 0, newBreaches: 0, deficits: 0 };
  const rows: { readonly key: string; readonly amount: Decimal; readonly row: FirmScenarioAccount }[] = [];
  const money = (amount: Decimal): Money => ({ amount, currency });
  return {
    add: (entry) => {
      const found = stressed(entry);
      if (found === null) {
        counts.accountsRefused += 1;
        return;
      }
      const { equity, stressedEquity, stressedBuffer, initial, wasShort, status } = found;
      const isShort = stressedBuffer.isNegative();
      const loss = equity.minus(stressedEquity);
      const owed = Decimal.max(0, stressedEquity.negated());
      counts.accounts += 1;
      counts.breaches += isShort ? 1 : 0;
      counts.newBreaches += isShort && !wasShort ? 1 : 0;
      counts.deficits += owed.greaterThan(0) ? 1 : 0;
      sums.loss = sums.loss.plus(loss);
      sums.stressedEquity = sums.stressedEquity.plus(stressedEquity);
      sums.overCollateral = sums.overCollateral.plus(owed);
      if (!loss.greaterThan(0)) return;
      sums.grossLoss = sums.grossLoss.plus(loss);
      sums.overRequirement = sums.overRequirement.plus(Decimal.max(0, loss.minus(initial)));
      const { id, code, name } = entry.account;
      const row = {
        ...{ id, code, name, status },
        loss: money(loss),
        equity: money(equity),
        stressedEquity: money(stressedEquity),
        stressedBuffer: money(stressedBuffer),
        lossOverCollateral: money(owed),
      };
      insertLargest(rows, { key: code, amount: loss, row }, top);
    },
    conclude: () => ({
      scenario,
      ...counts,
      loss: money(sums.loss),
      grossLoss: money(sums.grossLoss),
      lossOverCollateral: money(sums.overCollateral),
      lossOverRequirement: money(sums.overRequirement),
      stressedEquity: money(sums.stressedEquity),
      topAccounts: rows.map(({ row }) => row),
    }),
  };
}

const zero = new Decimal(0);

function stressed({ before, outcome, toCurrency }: ScenarioAccount): Stressed | null {
  const { equity, buffer } = before.assessment;
  const { initialRequirement } = before.requirement;
  const after = outcome.figures?.assessment;
  if (equity === null || buffer === null || initialRequirement === null || after == null) return null;
  if (after.equity === null || after.buffer === null) return null;
  return {
    equity: toCurrency(equity),
    stressedEquity: toCurrency(after.equity),
    stressedBuffer: toCurrency(after.buffer),
    initial: toCurrency(initialRequirement),
    wasShort: buffer.amount.isNegative(),
    status: after.status,
  };
}
