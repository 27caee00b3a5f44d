import {
  assessBuffer,
  type BufferAssessment,
  grossMarketExposure,
  leverageOf,
  unitMarketExposure,
} from '@ballast/buffer';
import {
  type Account,
  Decimal,
  deferred,
  type Instrument,
  type MarketSnapshot,
  type Methodology,
} from '@ballast/domain';
import {
  computeDenseSpanRequirement,
  type DenseSpanBook,
  isPremiumStyleOption,
  type MarginRequirement,
  type Portfolio,
  type PortfolioPosition,
  prepareDenseSpanBook,
} from '@ballast/margin';
import type { AccountResult, PositionBook } from '@ballast/persistence';
import { guardOutcome } from '../run/account-guard';
import { positionText, termsText } from '../run/account-input-hash';
import { composeResult, evaluateAccount, type MethodInEffect } from '../run/evaluate-account';
import { type EvaluationPlan, evaluationOf } from './evaluate-planned';

/** The contracts of a run as its accounts hold them, one entry of every column per contract. */
interface DenseAccounts {
  readonly book: DenseSpanBook;
  /** What the columns are valued on. */
  readonly snapshot: MarketSnapshot;
  readonly numberOf: Map<string, number>;
  readonly instruments: Instrument[];
  /** Place in the columns of the book; −1 where the account has to be computed in full. */
  readonly places: number[];
  /** Canonical texts of a position in it up to the quantity, and of its terms. */
  readonly heads: string[];
  readonly terms: string[];
  /** Gross exposure of one contract in units of 1e-6 base currency; NaN where it is no whole number of them. */
  readonly exposures: number[];
  /** Whether its value is net option value, and in the base currency: nothing of it is left for the equity. */
  readonly isNetted: boolean[];
  /** How many contracts of the run were looked at. */
  met: number;
}

/** What one account holds: numbers of contracts in order of their identifier, places in the book, quantities. */
interface DensePositions {
  readonly numbers: Int32Array;
  readonly places: Int32Array;
  readonly quantities: Float64Array;
}

const exposureUnits = 1_000_000;

/**
 * Evaluates the accounts of a run from columns of contracts, one pass over an account's positions, for those whose
 * requirement is the sum of their losses. Gives the bits of evaluateAccount, or null for an account that needs it.
 */
export class DenseEvaluation {
  private readonly accountsByCurrency = new Map<string, DenseAccounts | null>();

  /** @param methods  methodologies of the run; only SPAN has columns */
  constructor(private readonly methods: ReadonlyMap<Methodology, MethodInEffect>) {}

  evaluate(plan: EvaluationPlan, account: Account): AccountResult | null {
    const { inputs } = plan;
    const book = inputs.positions.bookOf(account.id);
    if (account.methodology !== 'SPAN' || book === undefined || book.instrumentIds.length === 0) return null;
    if ((inputs.collateral.get(account.id) ?? []).length > 0) return null;
    if ((plan.guards.get(account.id)?.trust.findings.length ?? 0) > 0) return null;
    const accounts = this.accountsIn(plan, account.baseCurrency);
    // Between a split and the next price every shard restates the market by itself.
    if (accounts === null || accounts.snapshot !== plan.snapshot) return null;
    const positions = positionsOf(accounts, plan, account, book);
    if (positions === null) return null;
    try {
      return evaluateDense({ plan, account, book, accounts, positions });
    } catch {
      // The full evaluation says what is wrong, and records it.
      return null;
    }
  }

  private accountsIn(plan: EvaluationPlan, baseCurrency: string): DenseAccounts | null {
    const known = this.accountsByCurrency.get(baseCurrency);
    if (known !== undefined) return known;
    const inEffect = this.methods.get('SPAN');
    const { snapshot, inputs, run } = plan;
    const input = { snapshot, asOf: run.asOf, baseCurrency, listedInstruments: inputs.listedFutures };
    const isUsable = inEffect !== undefined && typeof inEffect.method === 'function';
    const book = isUsable
      ? prepareDenseSpanBook({ parameters: inEffect.parameterSet.parameters, asOf: run.asOf }, input)
      : null;
    const accounts = book === null ? null : beginAccounts(book, snapshot);
    this.accountsByCurrency.set(baseCurrency, accounts);
    return accounts;
  }
}

function beginAccounts(book: DenseSpanBook, snapshot: MarketSnapshot): DenseAccounts {
  const columns = { instruments: [], places: [], heads: [], terms: [], exposures: [], isNetted: [] };
  return { book, snapshot, numberOf: new Map(), ...columns, met: 0 };
}

/** What an account holds; null where one of its contracts or quantities cannot be taken from the columns. */
function positionsOf(
  accounts: DenseAccounts,
  plan: EvaluationPlan,
  account: Account,
  { instrumentIds, quantities: texts }: PositionBook,
): DensePositions | null {
  const numbers = new Int32Array(instrumentIds.length);
  const places = new Int32Array(instrumentIds.length);
  const quantities = new Float64Array(instrumentIds.length);
  let before = '';
  for (let index = 0; index < instrumentIds.length; index += 1) {
    const id = instrumentIds[index] as string;
    if (id <= before) return null;
    before = id;
    let number = accounts.numberOf.get(id);
    if (number === undefined && plan.inputs.instruments.has(id)) {
      addContracts(accounts, plan, account);
      number = accounts.numberOf.get(id);
    }
    const place = number === undefined ? -1 : (accounts.places[number] as number);
    const quantity = Number(texts[index]);
    if (number === undefined || place < 0 || quantity === 0) return null;
    numbers[index] = number;
    places[index] = place;
    quantities[index] = quantity;
  }
  return { numbers, places, quantities };
}

/** Values every contract read so far that is not in the columns, in one call. */
function addContracts(accounts: DenseAccounts, plan: EvaluationPlan, account: Account): void {
  const { instruments } = plan.inputs;
  // The contracts of a run only grow in number, each new one behind the others.
  const fresh = [...instruments.values()].slice(accounts.met).filter(({ id }) => !accounts.numberOf.has(id));
  accounts.met = instruments.size;
  const places = accounts.book.place(fresh);
  fresh.forEach((instrument, index) => {
    accounts.numberOf.set(instrument.id, accounts.instruments.push(instrument) - 1);
    accounts.places.push(places[index] as number);
    accounts.heads.push(positionText(instrument.id, '').slice(0, -2));
    accounts.terms.push(termsText(instrument));
    accounts.exposures.push(wholeExposure(instrument, plan, account));
    accounts.isNetted.push(instrument.currency === account.baseCurrency && isPremiumStyleOption(instrument));
  });
}

function wholeExposure(instrument: Instrument, plan: EvaluationPlan, account: Account): number {
  const conversion = { snapshot: plan.snapshot, baseCurrency: account.baseCurrency, fxHaircuts: {} };
  const portfolio = portfolioOf(plan, account, []);
  try {
    const exposure = unitMarketExposure(instrument, { portfolio, conversion })?.times(exposureUnits);
    return exposure?.isInteger() === true ? exposure.toNumber() : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

interface DenseInput {
  readonly plan: EvaluationPlan;
  readonly account: Account;
  readonly book: PositionBook;
  readonly accounts: DenseAccounts;
  readonly positions: DensePositions;
}

function evaluateDense(input: DenseInput): AccountResult {
  const { plan, account, accounts, positions } = input;
  const { inputs, snapshot } = plan;
  const evaluation = evaluationOf(plan, account);
  const explained = deferred(() => evaluateAccount(evaluation).requirement);
  const requirement = computeDenseSpanRequirement(accounts.book, positions, explained);
  const { policy, previousStatus } = evaluation;
  const portfolio = portfolioOf(plan, account, positionsCounted(input, policy.fxHaircuts));
  const assess = (other: MarginRequirement): BufferAssessment =>
    assessBuffer({
      ...{ portfolio, snapshot, policy, requirement: other, quality: other.quality },
      ...(previousStatus === undefined ? {} : { previousStatus }),
      callOverdue: inputs.overdueAccounts.has(account.id),
    });
  const assessment = assess(requirement);
  const outcome = guardOutcome({ requirement, assessment, guard: plan.guards.get(account.id), assess });
  const leverage = deferred(() => leverageFor(input, assessment));
  return composeResult(evaluation, { requirement, assessment, outcome, leverage }, () => textsOf(input));
}

/** Positions whose value is not in the net option value of the requirement. */
function positionsCounted(
  { account, book, accounts, positions: { numbers } }: DenseInput,
  fxHaircuts: Readonly<Record<string, number>>,
): readonly PortfolioPosition[] {
  const counted: PortfolioPosition[] = [];
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] as number;
    if (accounts.isNetted[number] === true) continue;
    const instrument = accounts.instruments[number] as Instrument;
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

function portfolioOf(plan: EvaluationPlan, account: Account, positions: readonly PortfolioPosition[]): Portfolio {
  const { methodology, baseCurrency, id } = account;
  return {
    ...{ asOf: plan.run.asOf, methodology, baseCurrency, positions, collateral: [], collateralLimits: [] },
    cash: plan.inputs.balances.get(id) ?? [],
    listedInstruments: plan.inputs.listedFutures,
  };
}

function leverageFor(
  { plan, account, book, accounts, positions: { numbers, quantities } }: DenseInput,
  { equity }: BufferAssessment,
): Decimal | null {
  if (equity === null) return null;
  let units = 0;
  let isWhole = true;
  for (let index = 0; index < quantities.length; index += 1) {
    const quantity = quantities[index] as number;
    isWhole &&= Number.isInteger(quantity);
    units += Math.abs(quantity) * (accounts.exposures[numbers[index] as number] as number);
  }
  if (isWhole && Number.isSafeInteger(units)) return leverageOf(new Decimal(units).div(exposureUnits), equity);
  const positions = Array.from(numbers, (number, index) => ({
    instrument: accounts.instruments[number] as Instrument,
    quantity: new Decimal(book.quantities[index] as string),
  }));
  const conversion = { snapshot: plan.snapshot, baseCurrency: account.baseCurrency, fxHaircuts: {} };
  return leverageOf(grossMarketExposure({ portfolio: portfolioOf(plan, account, positions), conversion }), equity);
}

/** Positions and terms as hashAccountInput takes them. */
function textsOf({ book, accounts, positions: { numbers } }: DenseInput) {
  let positions = '';
  let terms = '';
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] as number;
    const separator = index === 0 ? '' : ',';
    const quantity = book.quantities[index] as string;
    const digits = quantity.includes('.') ? new Decimal(quantity).toFixed() : quantity;
    const averagePrice = book.averagePrices?.[index];
    positions +=
      averagePrice == null
        ? `${separator}${accounts.heads[number] as string}${digits}"}`
        : separator + positionText(book.instrumentIds[index] as string, digits, new Decimal(averagePrice).toFixed());
    terms += separator + (accounts.terms[number] as string);
  }
  return { positions, terms };
}
