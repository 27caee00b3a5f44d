import {
  assessBuffer,
  type BufferPolicy,
  equityOfCashAndOptions,
  grossMarketExposure,
  holdAgainst,
  leverageOf,
} from '@ballast/buffer';
import { type Account, Decimal, deferred, type Instrument, type Methodology, type Money } from '@ballast/domain';
import {
  computeDenseSpanRequirement,
  type DenseHolding,
  type DenseSpanRequirement,
  isPremiumStyleOption,
  type MarginRequirement,
  type Portfolio,
  type PortfolioPosition,
  prepareDenseSpanBook,
} from '@ballast/margin';
import type { AccountResult, PositionBook } from '@ballast/persistence';
import { guardOutcome } from '../run/account-guard';
import { type AccountEvaluation, evaluateAccount, type MethodInEffect } from '../run/evaluate-account';
import { DenseContracts, exposureUnits } from './dense-contracts';
import { hashDenseInput } from './dense-input-hash';
import { type DenseAssessment, DenseResult } from './dense-result';
import { type EvaluationPlan, evaluationOf } from './evaluate-planned';
import type { RunColumns } from './run-columns';

/**
 * Evaluates the accounts of a run from columns of contracts, one pass over an account's positions, for those whose
 * requirement is the sum of their losses. Gives the bits of evaluateAccount, or null for an account that needs it.
 */
export class DenseEvaluation {
  private readonly contractsByCurrency = new Map<string, DenseContracts | null>();
  /** The account at hand. */
  private places = new Int32Array(64);
  private quantities = new Float64Array(64);

  /**
   * @param methods  methodologies of the run; only SPAN has columns
   * @param columns  those that threads have in common; none when absent
   */
  constructor(
    private readonly methods: ReadonlyMap<Methodology, MethodInEffect>,
    private readonly columns?: RunColumns,
  ) {}

  /** Contracts that found no room in columns that threads have in common. */
  get withoutRoom(): number {
    let count = 0;
    for (const contracts of this.contractsByCurrency.values()) count += contracts?.book.withoutRoom ?? 0;
    return count;
  }

  evaluate(plan: EvaluationPlan, account: Account): AccountResult | null {
    const { inputs } = plan;
    const held = inputs.positions.bookOf(account.id);
    const numbers = inputs.numbers.get(account.id);
    if (held === undefined || numbers === undefined) return null;
    const { instrumentIds, quantities, averagePrices } = held;
    const book = { held, instrumentIds, quantities, averagePrices, numbers };
    if ((inputs.collateral.get(account.id) ?? []).length > 0) return null;
    if ((plan.guards.get(account.id)?.trust.findings.length ?? 0) > 0) return null;
    const contracts = this.columnsOf(plan, account);
    if (contracts === null) return null;
    const holding = this.hold(contracts, plan, book);
    if (holding === null) return null;
    try {
      return evaluateDense({ plan, account, book, contracts, holding });
    } catch {
      // The full evaluation says what is wrong, and records it.
      return null;
    }
  }

  /** The contracts of a run as columns for one account; null where it has to be evaluated in full. */
  columnsOf(plan: EvaluationPlan, { methodology, baseCurrency }: Account): DenseContracts | null {
    if (methodology !== 'SPAN') return null;
    const contracts = this.contractsIn(plan, baseCurrency);
    // Between a split and the next price every shard restates the market by itself.
    return contracts === null || contracts.market.snapshot !== plan.snapshot ? null : contracts;
  }

  private contractsIn(plan: EvaluationPlan, baseCurrency: string): DenseContracts | null {
    const known = this.contractsByCurrency.get(baseCurrency);
    if (known !== undefined) return known;
    const inEffect = this.methods.get('SPAN');
    const { snapshot, inputs, run } = plan;
    const input = { snapshot, asOf: run.asOf, baseCurrency, listedInstruments: inputs.listedFutures };
    const isUsable = inEffect !== undefined && typeof inEffect.method === 'function';
    const book = isUsable
      ? prepareDenseSpanBook(
          { parameters: inEffect.parameterSet.parameters, asOf: run.asOf },
          input,
          this.columns?.of(baseCurrency, snapshot),
        )
      : null;
    const contracts = book === null ? null : new DenseContracts(book, input);
    this.contractsByCurrency.set(baseCurrency, contracts);
    return contracts;
  }

  /** What an account holds; null where one of its contracts or quantities cannot be taken from the columns. */
  private hold(contracts: DenseContracts, plan: EvaluationPlan, book: NumberedBook): DenseHolding | null {
    const { numbers, instrumentIds, quantities: texts } = book;
    const { length } = numbers;
    if (this.places.length < length) {
      this.places = new Int32Array(2 * length);
      this.quantities = new Float64Array(2 * length);
    }
    const { places, quantities } = this;
    let before = '';
    for (let index = 0; index < length; index += 1) {
      const id = instrumentIds[index] as string;
      if (id <= before) return null;
      before = id;
      const number = numbers[index] as number;
      if (number >= contracts.places.length) contracts.meet(plan.inputs.instruments.list);
      const place = number < 0 ? -1 : (contracts.places[number] as number);
      const quantity = Number(texts[index]);
      if (place < 0 || quantity === 0) return null;
      places[index] = place;
      quantities[index] = quantity;
    }
    return { places: places.subarray(0, length), quantities: quantities.subarray(0, length) };
  }
}

/** The columns of a book, taken apart. */
interface NumberedBook extends Pick<PositionBook, 'instrumentIds' | 'quantities' | 'averagePrices'> {
  readonly held: PositionBook;
  readonly numbers: Int32Array;
}

interface DenseInput {
  readonly plan: EvaluationPlan;
  readonly account: Account;
  readonly book: NumberedBook;
  readonly contracts: DenseContracts;
  /** Overwritten by the next account. */
  readonly holding: DenseHolding;
}

function evaluateDense(input: DenseInput): AccountResult {
  const { plan, account, book, contracts, holding } = input;
  const evaluation = evaluationOf(plan, account);
  const explain = deferred(() => evaluateAccount(evaluation));
  const requirement = computeDenseSpanRequirement(contracts.book, holding, () => explain().requirement);
  const assess = assessmentOf(input, evaluation, requirement);
  const assessment = assess(requirement);
  const outcome = guardOutcome({ requirement, assessment, guard: evaluation.guard, assess });
  const { cash, collateral } = evaluation.holdings;
  const { listedFutures, schedules, asOf, policy, previousStatus, callOverdue, guard } = evaluation;
  const holdings = { cash, collateral };
  const inputHash = hashDenseInput(
    { account, holdings, listedFutures, schedules, asOf, policy, previousStatus, callOverdue, guard },
    { book: book.held, numbers: book.numbers },
    contracts,
  );
  const leverage = leverageFor(input, assessment.equity);
  return new DenseResult({ evaluation, requirement, assessment, outcome, leverage, inputHash, explain });
}

/** How the account's equity is held against a requirement. */
function assessmentOf(
  input: DenseInput,
  { policy, previousStatus, callOverdue = false }: AccountEvaluation,
  { model }: Pick<DenseSpanRequirement, 'model'>,
): (requirement: MarginRequirement) => DenseAssessment {
  const { plan, account, contracts } = input;
  const { baseCurrency } = account;
  const counted = positionsCounted(input, policy.fxHaircuts);
  const cash = plan.inputs.balances.get(account.id) ?? [];
  const hysteresis = previousStatus === undefined ? {} : { previousStatus };
  if (counted.length > 0 || cash.some(({ currency }) => currency !== baseCurrency)) {
    const portfolio = portfolioOf(plan, account, counted);
    return (requirement) =>
      assessBuffer({
        ...{ portfolio, snapshot: contracts.market.snapshot, policy, callOverdue, requirement },
        ...{ quality: requirement.quality, ...hysteresis },
      });
  }
  const equity = equityOfCashAndOptions({ cash, netOptionValue: model.netOptionValue, baseCurrency });
  const collateralValue: Money = { amount: new Decimal(0), currency: baseCurrency };
  return ({ initialRequirement: initial, maintenanceRequirement: maintenance, quality }) => {
    if (initial === null || maintenance === null) throw new Error('an account of columns has figures');
    const held = holdAgainst({ equity, initial, maintenance, policy, callOverdue, quality, ...hysteresis });
    return { ...held, equity, collateralValue, reasons: none };
  };
}

const none: readonly string[] = [];

/** Positions whose value is not in the net option value of the requirement. */
function positionsCounted(input: DenseInput, fxHaircuts: BufferPolicy['fxHaircuts']): readonly PortfolioPosition[] {
  const { account, book, contracts } = input;
  const counted: PortfolioPosition[] = [];
  const { numbers } = book;
  for (let index = 0; index < numbers.length; index += 1) {
    if (contracts.isNetted[numbers[index] as number] === true) continue;
    const instrument = instrumentAt(input, index);
    const haircut = instrument.currency === account.baseCurrency ? 0 : (fxHaircuts[instrument.currency] ?? 0);
    if (haircut === 0 && isPremiumStyleOption(instrument)) continue;
    const averagePrice = book.averagePrices?.[index];
    counted.push({
      instrument,
      quantity: new Decimal(book.quantities[index] as string),
      ...(averagePrice == null ? {} : { averagePrice: new Decimal(averagePrice) }),
    });
  }
  return counted;
}

function instrumentAt({ plan, book }: Pick<DenseInput, 'plan' | 'book'>, index: number): Instrument {
  return plan.inputs.instruments.list[book.numbers[index] as number] as Instrument;
}

function portfolioOf(plan: EvaluationPlan, account: Account, positions: readonly PortfolioPosition[]): Portfolio {
  const { methodology, baseCurrency, id } = account;
  return {
    ...{ asOf: plan.run.asOf, methodology, baseCurrency, positions, collateral: [], collateralLimits: [] },
    cash: plan.inputs.balances.get(id) ?? [],
    listedInstruments: plan.inputs.listedFutures,
  };
}

function leverageFor(input: DenseInput, equity: Money | null): Decimal | null {
  if (equity === null) return null;
  const { plan, account, book, contracts, holding } = input;
  const { numbers } = book;
  let units = 0;
  let isWhole = true;
  for (let index = 0; index < numbers.length; index += 1) {
    const quantity = holding.quantities[index] as number;
    isWhole &&= Number.isInteger(quantity);
    units += Math.abs(quantity) * (contracts.exposures[numbers[index] as number] as number);
  }
  if (isWhole && Number.isSafeInteger(units)) return leverageOf(new Decimal(units).div(exposureUnits), equity);
  const positions = book.quantities.map((quantity, index) => ({
    instrument: instrumentAt(input, index),
    quantity: new Decimal(quantity),
  }));
  const conversion = { ...contracts.market, fxHaircuts: {} };
  return leverageOf(grossMarketExposure({ portfolio: portfolioOf(plan, account, positions), conversion }), equity);
}
