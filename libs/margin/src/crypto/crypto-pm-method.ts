import { buildRequirement, indeterminateRequirement, requirementMoney } from '../build-requirement';
import { computeInMode, valuationInMode } from '../greeks-approximation';
import { draftInformation } from '../information-drafts';
import { buildBreakdown, type BreakdownDraft } from '../margin-breakdown';
import type { BookPreparation } from '../margin-book';
import type { MarginInput, MarginMethod } from '../margin-method';
import type { MarginRequirement, ScenarioLoss } from '../margin-requirement';
import { computeNetOptionValue } from '../net-option-value';
import { valueScenariosPlainly } from '../option-value';
import { contributionsOfPositions } from '../position-contributions';
import { computePositionGreeks } from '../position-greeks';
import { valuePositions } from '../value-positions';
import { buildCryptoPmBooks, type CryptoPmBook } from './crypto-pm-book';
import type { CryptoPmParameters } from './crypto-pm-parameters';
import { takeCryptoPmApart } from './crypto-pm-parts';
import { computeCryptoPmRisk, type CryptoPmRisk } from './crypto-pm-risk';
import { cryptoPmLabel, type CryptoPmScenario } from './crypto-pm-scenario';
import { parseCryptoPmParameters } from './parse-crypto-pm-parameters';

/** Crypto portfolio margin by price buckets, volatility moves and an extended table (methodology §3.1). */
export const cryptoPmMethod: MarginMethod<CryptoPmParameters> = {
  methodology: 'CRYPTO_PM',
  parseParameters: parseCryptoPmParameters,
  computeRequirement: computeInMode(computeCryptoPmRequirement),
  prepareBook: prepareCryptoPmBook,
};

/**
 * Computes initial = risk matrix + open orders + market-maker protection and maintenance = factor · risk matrix, in the
 * base currency. Positions in coin convert at the unshocked index; a one-coin book in that coin needs no conversion.
 */
export function computeCryptoPmRequirement(input: MarginInput<CryptoPmParameters>): MarginRequirement {
  const { portfolio, snapshot, parameters, shared, valueScenarios = valueScenariosPlainly } = input;
  const { baseCurrency } = portfolio;
  const valuation = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black76' }), shared });
  if (valuation.status === 'indeterminate') return indeterminateRequirement({ methodology: 'CRYPTO_PM', ...valuation });
  const { positions, warnings } = valuation;
  const books = buildCryptoPmBooks({ positions, snapshot, baseCurrency, parameters, valueScenarios, shared });
  const riskOf = (quantities: ArrayLike<number>) => computeCryptoPmRisk(books, quantities, parameters);
  const quantities = positions.map(({ quantity }) => quantity);
  const risk = riskOf(quantities);
  const model = {
    initialRequirement: risk.riskMatrix + parameters.openOrders + parameters.marketMakerProtection,
    maintenanceRequirement: parameters.maintenanceFactor * risk.riskMatrix,
    netOptionValue: computeNetOptionValue(positions),
  };
  const requirementOf = (changed: ArrayLike<number>) => parameters.maintenanceFactor * riskOf(changed).riskMatrix;
  const scenarios = listScenarios(books, risk);
  const draft = () => [
    ...draftBreakdown(books, risk, { ...model, parameters, currency: baseCurrency }),
    ...draftInformation({ currency: baseCurrency, ...model, quantities, requirementOf }),
  ];
  return buildRequirement({
    methodology: 'CRYPTO_PM',
    currency: baseCurrency,
    model,
    breakdown: () => buildBreakdown(draft(), baseCurrency),
    worstScenario: scenarios[risk.worstIndex] ?? null,
    scenarios,
    contributions: () => contributionsOfPositions(positions, requirementOf),
    greeks: computePositionGreeks(positions, shared),
    warnings,
  });
}

function prepareCryptoPmBook(input: MarginInput<CryptoPmParameters>): BookPreparation {
  const { portfolio, snapshot, parameters } = input;
  const { baseCurrency } = portfolio;
  const { valueScenarios, shared } = valuationInMode(input);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black76' }), shared });
  if (valuation.status === 'indeterminate') return valuation;
  const { positions } = valuation;
  const books = buildCryptoPmBooks({ positions, snapshot, baseCurrency, parameters, valueScenarios, shared });
  const figuresOf = (quantities: ArrayLike<number>) => {
    const { riskMatrix } = computeCryptoPmRisk(books, quantities, parameters);
    return {
      initialRequirement: riskMatrix + parameters.openOrders + parameters.marketMakerProtection,
      maintenanceRequirement: parameters.maintenanceFactor * riskMatrix,
    };
  };
  const takeApart = () => {
    const quantities = positions.map(({ quantity }) => quantity);
    return takeCryptoPmApart(books, quantities, parameters);
  };
  return { status: 'valued', book: { positions, subadditive: false, figuresOf, takeApart } };
}

function listScenarios(books: readonly CryptoPmBook[], risk: CryptoPmRisk): readonly ScenarioLoss[] {
  const group = books.length === 1 ? (books[0] as CryptoPmBook).underlying : 'portfolio';
  return risk.pnls.map((pnl, row) => ({ index: row + 1, group, label: labelOf(books, row), loss: 0 - pnl }));
}

/** Underlyings with ranges of their own move by different amounts in one row, and the label names each. */
function labelOf(books: readonly CryptoPmBook[], row: number): string {
  const labels = books.map(({ scenarios }) => cryptoPmLabel(scenarios[row] as CryptoPmScenario));
  if (new Set(labels).size === 1) return labels[0] as string;
  return books.map(({ underlying }, index) => `${underlying} ${labels[index] as string}`).join('; ');
}

interface BreakdownContext {
  readonly initialRequirement: number;
  readonly maintenanceRequirement: number;
  readonly parameters: CryptoPmParameters;
  readonly currency: string;
}

function draftBreakdown(
  books: readonly CryptoPmBook[],
  risk: CryptoPmRisk,
  context: BreakdownContext,
): readonly BreakdownDraft[] {
  const { initialRequirement, maintenanceRequirement, parameters, currency } = context;
  const { maintenanceFactor, openOrders, marketMakerProtection } = parameters;
  return [
    {
      kind: 'requirement',
      label: 'Initial requirement',
      basis: 'risk matrix + open orders + market-maker protection',
      value: requirementMoney(initialRequirement, currency),
      children: [
        draftMatrix(books, risk),
        ...stated(openOrders, 'open-orders', 'Open orders'),
        ...stated(marketMakerProtection, 'market-maker-protection', 'Market-maker protection'),
      ],
    },
    {
      kind: 'maintenance-requirement',
      label: 'Maintenance requirement',
      basis: `${maintenanceFactor} × risk matrix`,
      value: requirementMoney(maintenanceRequirement, currency),
      children: [
        { kind: 'risk-matrix', label: 'Risk matrix', basis: 'as in the initial requirement', value: risk.riskMatrix },
        {
          kind: 'maintenance-factor',
          label: 'Reduction to maintenance',
          basis: `(${maintenanceFactor} − 1) × risk matrix`,
          value: (maintenanceFactor - 1) * risk.riskMatrix,
        },
      ],
    },
  ];
}

function stated(value: number, kind: string, label: string): readonly BreakdownDraft[] {
  return value === 0 ? [] : [{ kind, label, basis: 'stated with the parameters', value }];
}

function draftMatrix(books: readonly CryptoPmBook[], risk: CryptoPmRisk): BreakdownDraft {
  const { worstIndex, worstLoss, pnlsByUnderlying, shocks } = risk;
  const count = risk.pnls.length;
  const losses = books.map(({ underlying, scenarios }, index) => ({
    kind: 'underlying-loss',
    label: underlying,
    basis: cryptoPmLabel(scenarios[worstIndex] as CryptoPmScenario),
    value: 0 - ((pnlsByUnderlying[index] as readonly number[])[worstIndex] as number),
  }));
  const uncounted = {
    kind: 'offset-reduction',
    label: 'Gains of one underlying that do not count against another',
    basis: '(1 − pnlOffset) × gains in the worst scenario',
    value: worstLoss - losses.reduce((sum, { value }) => sum + value, 0),
  };
  const several = books.length > 1 && worstLoss > 0;
  const worst: BreakdownDraft = {
    kind: 'scan-risk',
    label: 'Largest loss of the scenarios',
    basis:
      worstLoss > 0
        ? `worst of ${count} scenarios: ${worstIndex + 1} (${labelOf(books, worstIndex)})`
        : 'no scenario loses',
    value: worstLoss,
    children: several ? [...losses, ...(uncounted.value > 1e-12 * worstLoss ? [uncounted] : [])] : [],
  };
  const charges = shocks.flatMap(({ underlying, deltaShock, rollShock, netDelta }) => [
    {
      kind: 'delta-shock',
      label: `Delta shock ${underlying}`,
      basis: `net delta ${netDelta} coins`,
      value: deltaShock,
    },
    {
      kind: 'roll-shock',
      label: `Roll shock ${underlying}`,
      basis: 'Σ |net delta of an expiry| × move',
      value: rollShock,
    },
  ]);
  return {
    kind: 'risk-matrix',
    label: 'Risk matrix',
    basis: 'largest loss + delta shock + roll shock',
    value: risk.riskMatrix,
    children: [worst, ...charges.filter(({ value }) => value > 0)],
  };
}
