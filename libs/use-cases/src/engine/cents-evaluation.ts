import {
  type BufferPolicy,
  type CentsGate,
  type CentsLadder,
  centsGateOf,
  centsLadderOf,
  type FirmControls,
  holdCents,
  isWithinGate,
  leverageOfCents,
} from '@ballast/buffer';
import {
  type Account,
  centsOf,
  centsOfDigits,
  centsOfModelValue,
  currencyScale,
  type Instrument,
  type Money,
} from '@ballast/domain';
import { type DenseFindings, findDense } from '@ballast/margin';
import { CentsResult } from './cents-result';
import type { DenseContracts } from './dense-contracts';
import type { DenseEvaluation } from './dense-evaluation';
import { type EvaluationPlan, evaluationOf } from './evaluate-planned';
import { hashKeptInput, type KeptBook, type KeptInput, wholeBookOf } from './kept-books';

/** Amounts of an account [cents]. */
interface Amounts {
  readonly initial: number;
  readonly maintenance: number;
  readonly netOptionValue: number;
  readonly equity: number;
}

/** How the books of accounts are read, and what they were evaluated from is hashed. */
export interface BookReading {
  readonly wholeOf: typeof wholeBookOf;
  /** Gives what hashAccountInput gives. */
  readonly hash: (input: KeptInput, held: HeldContracts) => string;
}

/** Contracts that an account holds, in the order of its book. */
export interface HeldContracts {
  readonly contracts: DenseContracts;
  /** Their numbers in the columns. */
  readonly numbers: Int32Array;
  readonly instruments: () => readonly (Instrument | undefined)[];
}

/** For books that are looked at after every move. */
const keptReading: BookReading = {
  wholeOf: wholeBookOf,
  hash: (input, { instruments }) => hashKeptInput(input, instruments),
};

/**
 * Evaluates accounts of a run by whole numbers of cents, those that hold nothing but options and cash of one
 * currency of two decimals and whose data nobody doubts: most of them. Gives the bits of evaluateAccount, or null for an
 * account that needs more.
 */
export class CentsEvaluation {
  private places = new Int32Array(64);
  private readonly ladders = new WeakMap<BufferPolicy, { readonly ladder: CentsLadder | null }>();
  private readonly gates = new Map<string, { readonly controls: FirmControls; readonly gate: CentsGate | null }>();

  constructor(
    private readonly dense: DenseEvaluation,
    private readonly reading: BookReading = keptReading,
  ) {}

  evaluate(plan: EvaluationPlan, account: Account): CentsResult | null {
    const { inputs } = plan;
    const { id, baseCurrency } = account;
    const guard = plan.guards.get(id);
    const book = inputs.positions.bookOf(id);
    const numbers = inputs.numbers.get(id);
    if (guard === undefined || guard.trust.findings.length > 0 || book === undefined || numbers === undefined)
      return null;
    if (currencyScale(baseCurrency) !== 2 || inputs.overdueAccounts.has(id) || inputs.collateral.has(id)) return null;
    const contracts = this.dense.columnsOf(plan, account);
    const whole = this.reading.wholeOf(account, book, inputs.balances.get(id) ?? none);
    if (contracts === null || whole === null) return null;
    const places = this.place(contracts, plan, numbers);
    if (places === null) return null;
    const exposure = exposureOf(contracts, numbers, whole);
    if (!Number.isSafeInteger(exposure)) return null;
    const found = findDense(contracts.book, { places, quantities: whole.quantities });
    return this.assess(plan, account, { found, exposure, whole, held: { contracts, numbers } });
  }

  private assess(
    plan: EvaluationPlan,
    account: Account,
    { found, exposure, whole, held: columns }: FoundBook,
  ): CentsResult | null {
    const amounts = amountsOf(found, whole);
    const evaluation = evaluationOf(plan, account);
    const { policy, previousStatus, guard, asOf, listedFutures } = evaluation;
    const ladder = this.ladderOf(policy);
    if (amounts === null || ladder === null || guard === undefined || found.warnings.length > 0) return null;
    const gate = this.gateOf(guard.controls, account.baseCurrency);
    const { trusted } = guard.trust;
    if (trusted !== null && (gate === null || !passes(gate, trusted, { ...amounts, account }))) return null;
    const held = holdCents({ ...amounts, ladder, previousStatus });
    if (held === null) return null;
    const { inputs } = plan;
    const book = inputs.positions.bookOf(account.id) as NonNullable<ReturnType<typeof inputs.positions.bookOf>>;
    const cash = inputs.balances.get(account.id) ?? none;
    const instruments = (): readonly (Instrument | undefined)[] =>
      book.instrumentIds.map((one) => inputs.instruments.get(one));
    const { contracts, numbers } = columns;
    const inputHash = this.reading.hash(
      { account, book, cash, listedFutures, asOf, policy, previousStatus },
      { contracts, numbers, instruments },
    );
    const leverage = leverageOfCents(exposure, amounts.equity);
    return new CentsResult({ evaluation, found, amounts, held, leverage, inputHash });
  }

  /** Places of the contracts in the columns; null where one of them has none, or counts for more than its option value. */
  private place(contracts: DenseContracts, plan: EvaluationPlan, numbers: Int32Array): Int32Array | null {
    const { length } = numbers;
    if (this.places.length < length) this.places = new Int32Array(2 * length);
    const { places } = this;
    for (let index = 0; index < length; index += 1) {
      const number = numbers[index] as number;
      if (number >= contracts.places.length) contracts.meet(plan.inputs.instruments.list);
      const place = number < 0 ? -1 : (contracts.places[number] as number);
      if (place < 0 || contracts.isNetted[number] !== true) return null;
      places[index] = place;
    }
    return places.subarray(0, length);
  }

  private ladderOf(policy: BufferPolicy): CentsLadder | null {
    const known = this.ladders.get(policy) ?? { ladder: centsLadderOf(policy) };
    this.ladders.set(policy, known);
    return known.ladder;
  }

  private gateOf(controls: FirmControls, currency: string): CentsGate | null {
    const known = this.gates.get(currency);
    if (known?.controls === controls) return known.gate;
    const gate = centsGateOf(controls, currency);
    this.gates.set(currency, { controls, gate });
    return gate;
  }
}

/** What the columns say of an account. */
interface FoundBook {
  readonly found: DenseFindings;
  readonly exposure: number;
  readonly whole: KeptBook;
  readonly held: Pick<HeldContracts, 'contracts' | 'numbers'>;
}

const none = [] as const;

/** Gross exposure [1e-6 of the base currency]; no whole number where it cannot be told. */
function exposureOf({ exposures }: DenseContracts, numbers: Int32Array, { quantities }: KeptBook): number {
  let units = 0;
  for (let index = 0; index < numbers.length; index += 1)
    units += Math.abs(quantities[index] as number) * (exposures[numbers[index] as number] as number);
  return units;
}

/** Requirements are rounded up and never below 0, net option value and equity down. */
function amountsOf({ model }: DenseFindings, { cents }: KeptBook): Amounts | null {
  const initial = centsOfModelValue(Math.max(0, model.initialRequirement), 'up');
  const maintenance = centsOfModelValue(Math.max(0, model.maintenanceRequirement), 'up');
  const netOptionValue = centsOfModelValue(model.netOptionValue, 'down');
  if (initial === null || maintenance === null || netOptionValue === null) return null;
  const equity = cents + netOptionValue;
  return Number.isSafeInteger(equity) ? { initial, maintenance, netOptionValue, equity } : null;
}

/** Whether requirements moved no further from the trusted ones than the gate lets through. */
function passes(
  gate: CentsGate,
  trusted: { readonly initial: Money; readonly maintenance: Money },
  { initial, maintenance, account }: Amounts & { readonly account: Account },
): boolean {
  if (trusted.initial.currency !== account.baseCurrency || trusted.maintenance.currency !== account.baseCurrency)
    return false;
  const before = [centsOfMoney(trusted.initial), centsOfMoney(trusted.maintenance)] as const;
  if (before[0] === null || before[1] === null) return false;
  return isWithinGate(before[0], initial, gate) && isWithinGate(before[1], maintenance, gate);
}

function centsOfMoney(money: Money): number | null {
  return money.digits === undefined ? centsOf(money.amount) : centsOfDigits(money.digits);
}
