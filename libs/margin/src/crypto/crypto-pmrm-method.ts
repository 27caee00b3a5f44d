import type { MarketSnapshot } from '@ballast/domain';
import { buildRequirement, findWorstScenario, indeterminateRequirement } from '../build-requirement';
import { currencyRate } from '../fx-to-base';
import { computeInMode, valuationInMode } from '../greeks-approximation';
import { draftInformation } from '../information-drafts';
import { buildBreakdown } from '../margin-breakdown';
import type { BookPreparation } from '../margin-book';
import type { MarginInput, MarginMethod } from '../margin-method';
import type { MarginRequirement, ScenarioLoss } from '../margin-requirement';
import { computeNetOptionValue } from '../net-option-value';
import { valueScenariosPlainly } from '../option-value';
import { contributionsOfPositions } from '../position-contributions';
import { computePositionGreeks } from '../position-greeks';
import { valuePositions } from '../value-positions';
import { buildPmrmAccount } from './crypto-pmrm-account';
import { computePmrmAccountHealth } from './crypto-pmrm-account-health';
import { draftPmrmBreakdown } from './crypto-pmrm-breakdown';
import type { PmrmHealth } from './crypto-pmrm-health';
import type { PmrmParameters } from './crypto-pmrm-parameters';
import { takePmrmApart } from './crypto-pmrm-parts';
import { pmrmLabel } from './crypto-pmrm-scenario';
import { parsePmrmParameters } from './parse-pmrm-parameters';

/** Crypto portfolio margin by forward, volatility and skew shocks with health figures (methodology §3.2). */
export const cryptoPmrmMethod: MarginMethod<PmrmParameters> = {
  methodology: 'CRYPTO_PMRM',
  parseParameters: parsePmrmParameters,
  computeRequirement: computeInMode(computePmrmRequirement),
  prepareBook: preparePmrmBook,
  valuesInOwnMarket: true,
};

/**
 * Computes health figures and requirements: initial = max(0, mark to market + cash − initial health) and maintenance
 * likewise, in the base currency. `scenarios` holds the scenarios in input order and `basis`, per underlying.
 */
export function computePmrmRequirement(input: MarginInput<PmrmParameters>): MarginRequirement {
  const { portfolio, snapshot, parameters, shared, valueScenarios = valueScenariosPlainly } = input;
  const { baseCurrency } = portfolio;
  const valuation = valuePositions({
    portfolio,
    snapshot: withRatesAboveZero(snapshot),
    chooseModel: () => ({ model: 'black76' }),
    shared,
  });
  if (valuation.status === 'indeterminate') {
    return indeterminateRequirement({ methodology: 'CRYPTO_PMRM', ...valuation });
  }
  const { positions, warnings } = valuation;
  const account = buildPmrmAccount({ portfolio, snapshot, positions, parameters, valueScenarios, shared });
  const toBase = currencyRate(snapshot, { from: account.currency, to: baseCurrency });
  const quantities = positions.map(({ quantity }) => quantity);
  const health = computePmrmAccountHealth(account, quantities, parameters);
  const equity = (health.markToMarket + account.cash) * toBase;
  const [initial, maintenance] = [health.initialCharge * toBase, health.maintenanceCharge * toBase];
  const requirementOf = (changed: ArrayLike<number>) =>
    Math.max(0, computePmrmAccountHealth(account, changed, parameters).maintenanceCharge * toBase);
  const model = {
    initialRequirement: Math.max(0, initial),
    maintenanceRequirement: Math.max(0, maintenance),
    netOptionValue: computeNetOptionValue(positions),
    markToMarket: health.markToMarket * toBase,
    initialHealth: equity - initial,
    maintenanceHealth: equity - maintenance,
  };
  const scenarios = listScenarios(health.books, parameters, toBase);
  const draft = () => [
    ...draftPmrmBreakdown(health, parameters, { toBase, currency: baseCurrency }),
    ...draftInformation({ currency: baseCurrency, ...model, quantities, requirementOf }),
  ];
  return buildRequirement({
    methodology: 'CRYPTO_PMRM',
    currency: baseCurrency,
    model,
    breakdown: () => buildBreakdown(draft(), baseCurrency),
    worstScenario: findWorstScenario(scenarios),
    scenarios,
    contributions: () => contributionsOfPositions(positions, requirementOf),
    greeks: computePositionGreeks(positions, shared),
    warnings,
  });
}

function preparePmrmBook(input: MarginInput<PmrmParameters>): BookPreparation {
  const { portfolio, snapshot, parameters } = input;
  const { valueScenarios, shared } = valuationInMode(input);
  const chooseModel = () => ({ model: 'black76' }) as const;
  const valuation = valuePositions({ portfolio, snapshot: withRatesAboveZero(snapshot), chooseModel, shared });
  if (valuation.status === 'indeterminate') return valuation;
  const { positions } = valuation;
  const account = buildPmrmAccount({ portfolio, snapshot, positions, parameters, valueScenarios, shared });
  const toBase = currencyRate(snapshot, { from: account.currency, to: portfolio.baseCurrency });
  const figuresOf = (quantities: ArrayLike<number>) => {
    const { initialCharge, maintenanceCharge } = computePmrmAccountHealth(account, quantities, parameters);
    return {
      initialRequirement: Math.max(0, initialCharge * toBase),
      maintenanceRequirement: Math.max(0, maintenanceCharge * toBase),
    };
  };
  const takeApart = () => {
    const quantities = positions.map(({ quantity }) => quantity);
    return takePmrmApart(account, quantities, { parameters, toBase });
  };
  return { status: 'valued', book: { positions, subadditive: true, figuresOf, takeApart } };
}

/** Discount factors are at most 1 here: e^(−max(rate, 0) · τ). A forward keeps its price whatever the rate. */
function withRatesAboveZero(snapshot: MarketSnapshot): MarketSnapshot {
  const underlyings = [...snapshot.underlyings].map(([id, quote]) => {
    const carry = quote.rate - quote.dividendYield;
    const rate = Math.max(0, quote.rate);
    const forwards = quote.forwards.map((forward) =>
      forward.rate === undefined ? forward : { ...forward, rate: Math.max(0, forward.rate) },
    );
    return [id, { ...quote, rate, dividendYield: rate - carry, forwards }] as const;
  });
  return { ...snapshot, underlyings: new Map(underlyings) };
}

function listScenarios(
  books: readonly PmrmHealth[],
  parameters: PmrmParameters,
  toBase: number,
): readonly ScenarioLoss[] {
  const labels = [...parameters.scenarios.map(pmrmLabel), 'basis'];
  return books.flatMap(({ underlying, pnls }) =>
    pnls.map((pnl, row) => ({
      index: row + 1,
      group: underlying,
      label: labels[row] as string,
      loss: 0 - pnl * toBase,
    })),
  );
}
