import {
  assessBuffer,
  type BufferAssessment,
  defaultBufferPolicy,
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
import { guardOutcome } from '../account-guard';
import { positionText, termsText } from '../account-input-hash';
import { composeResult, evaluateAccount, type MethodInEffect } from '../evaluate-account';
import { type EvaluationPlan, evaluationOf } from './evaluate-planned';

/** A contract as the accounts of a run hold it. */
interface DenseContract {
  readonly instrument: Instrument;
  /** Place in the columns; −1 where the account has to be computed in full. */
  readonly place: number;
  /** Canonical text of a position in it up to the quantity, and of its terms. */
  readonly head: string;
  readonly terms: string;
  /** Gross exposure of one contract in units of 1e-6 base currency; NaN where it is no whole number of them. */
  readonly exposure: number;
}

interface DenseAccounts {
  readonly book: DenseSpanBook;
  /** What the columns are valued on. */
  readonly snapshot: MarketSnapshot;
  readonly contracts: Map<string, DenseContract>;
  /** How many contracts of the run were looked at. */
  met: number;
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
    const contracts = contractsOf(accounts, plan, account, book);
    if (contracts === null) return null;
    const quantities = Float64Array.from(book.quantities, Number);
    if (quantities.includes(0)) return null;
    try {
      return evaluateDense({ plan, account, book, accounts, contracts, quantities });
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
    const accounts = book === null ? null : { book, snapshot, contracts: new Map<string, DenseContract>(), met: 0 };
    this.accountsByCurrency.set(baseCurrency, accounts);
    return accounts;
  }
}

/** Contracts of an account, in order of the identifier; null where one of them cannot be taken from the columns. */
function contractsOf(
  accounts: DenseAccounts,
  plan: EvaluationPlan,
  account: Account,
  { instrumentIds }: PositionBook,
): readonly DenseContract[] | null {
  const found: DenseContract[] = [];
  let before = '';
  for (const id of instrumentIds) {
    if (id <= before) return null;
    before = id;
    if (!accounts.contracts.has(id) && plan.inputs.instruments.has(id)) addContracts(accounts, plan, account);
    const contract = accounts.contracts.get(id);
    if (contract === undefined || contract.place < 0) return null;
    found.push(contract);
  }
  return found;
}

/** Values every contract read so far that is not in the columns, in one call. */
function addContracts(accounts: DenseAccounts, plan: EvaluationPlan, account: Account): void {
  const { instruments } = plan.inputs;
  // The contracts of a run only grow in number, each new one behind the others.
  const fresh = [...instruments.values()].slice(accounts.met).filter(({ id }) => !accounts.contracts.has(id));
  accounts.met = instruments.size;
  const places = accounts.book.place(fresh);
  fresh.forEach((instrument, index) => {
    accounts.contracts.set(instrument.id, {
      instrument,
      place: places[index] as number,
      head: positionText(instrument.id, '').slice(0, -2),
      terms: termsText(instrument),
      exposure: wholeExposure(instrument, plan, account),
    });
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

function evaluateDense(input: {
  readonly plan: EvaluationPlan;
  readonly account: Account;
  readonly book: PositionBook;
  readonly accounts: DenseAccounts;
  readonly contracts: readonly DenseContract[];
  readonly quantities: Float64Array;
}): AccountResult {
  const { plan, account, book, accounts, contracts, quantities } = input;
  const { inputs, snapshot, run } = plan;
  const evaluation = evaluationOf(plan, account);
  const explained = deferred(() => evaluateAccount(evaluation).requirement);
  const holding = { places: Int32Array.from(contracts, ({ place }) => place), quantities };
  const requirement = computeDenseSpanRequirement(accounts.book, holding, explained);
  const policy = inputs.policies.get(account.id) ?? defaultBufferPolicy(run.asOf);
  const rest = positionsCounted(book, contracts, account.baseCurrency, policy.fxHaircuts);
  const portfolio = portfolioOf(plan, account, rest);
  const previousStatus = inputs.previousStatuses.get(account.id);
  const assess = (other: MarginRequirement): BufferAssessment =>
    assessBuffer({
      ...{ portfolio, snapshot, policy, requirement: other, quality: other.quality },
      ...(previousStatus === undefined ? {} : { previousStatus }),
      callOverdue: inputs.overdueAccounts.has(account.id),
    });
  const assessment = assess(requirement);
  const outcome = guardOutcome({ requirement, assessment, guard: plan.guards.get(account.id), assess });
  const leverage = deferred(() => leverageFor(input, assessment));
  const positions = book.quantities
    .map((quantity, index) => textOfPosition(contracts[index] as DenseContract, quantity, book.averagePrices?.[index]))
    .join(',');
  return composeResult(evaluation, { requirement, assessment, outcome, leverage }, () => ({
    positions,
    terms: contracts.map(({ terms }) => terms).join(','),
  }));
}

/** Positions whose value is not in the net option value of the requirement. */
function positionsCounted(
  book: PositionBook,
  contracts: readonly DenseContract[],
  baseCurrency: string,
  fxHaircuts: Readonly<Record<string, number>>,
): readonly PortfolioPosition[] {
  const counted: PortfolioPosition[] = [];
  contracts.forEach(({ instrument }, index) => {
    const haircut = instrument.currency === baseCurrency ? 0 : (fxHaircuts[instrument.currency] ?? 0);
    if (haircut === 0 && isPremiumStyleOption(instrument)) return;
    const averagePrice = book.averagePrices?.[index];
    counted.push({
      instrument,
      quantity: new Decimal(book.quantities[index] as string),
      ...(averagePrice == null ? {} : { averagePrice: new Decimal(averagePrice) }),
    });
  });
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
  { plan, account, book, contracts, quantities }: Parameters<typeof evaluateDense>[0],
  { equity }: BufferAssessment,
): Decimal | null {
  if (equity === null) return null;
  let units = 0;
  for (let index = 0; index < quantities.length; index += 1)
    units += Math.abs(quantities[index] as number) * (contracts[index] as DenseContract).exposure;
  if (Number.isSafeInteger(units) && quantities.every(Number.isInteger))
    return leverageOf(new Decimal(units).div(exposureUnits), equity);
  const positions = contracts.map(({ instrument }, index) => {
    return { instrument, quantity: new Decimal(book.quantities[index] as string) };
  });
  const conversion = { snapshot: plan.snapshot, baseCurrency: account.baseCurrency, fxHaircuts: {} };
  return leverageOf(grossMarketExposure({ portfolio: portfolioOf(plan, account, positions), conversion }), equity);
}

function textOfPosition({ instrument, head }: DenseContract, quantity: string, averagePrice?: string | null): string {
  const digits = quantity.includes('.') ? new Decimal(quantity).toFixed() : quantity;
  if (averagePrice == null) return `${head}${digits}"}`;
  return positionText(instrument.id, digits, new Decimal(averagePrice).toFixed());
}
