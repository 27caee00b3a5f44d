import {
  americanBaw,
  type AmericanOption,
  bachelierPrice,
  binomialCrrPrice,
  black76Price,
  type BlackScholesInput,
  blackScholesPrice,
  createAmericanPricer,
  createBawPricer,
  createBlackScholesPricer,
  exp,
} from '@ballast/pricing';
import type { OptionState, OptionTerms, ScenarioValuation, ValueScenarios } from './option-terms';

/**
 * Values one option: price per unit of underlying, in the instrument's currency.
 *
 * linear: the present value under the model of the terms. inverse: undiscounted Black-76 value / forward, in the coin
 * (methodology §3.1). The forward is spot · e^((rate − dividendYield)·T).
 *
 * @throws PricingInputError 'INVALID_PRICING_INPUT' for a state outside the model's range (negative spot under a lognormal model)
 */
export function valueOption(terms: OptionTerms, state: OptionState): number {
  return valueUnder(terms, state, alone);
}

/** Pricers of the models that may remember something of earlier states, which never changes a price. */
export interface StatePricers {
  readonly european: (option: BlackScholesInput) => number;
  readonly american: (option: AmericanOption) => number;
  /** By the quadratic approximation. */
  readonly baw: (option: AmericanOption) => number;
}

/** Begins pricers for the states of one contract or many. */
export function createStatePricers(): StatePricers {
  return { european: createBlackScholesPricer(), american: createAmericanPricer('accurate'), baw: createBawPricer() };
}

const alone: StatePricers = {
  european: blackScholesPrice,
  american: (option) => createAmericanPricer('accurate')(option),
  baw: (option) => americanBaw(option).price,
};

function valueUnder(terms: OptionTerms, state: OptionState, pricers: StatePricers): number {
  const { right, strike, rate, dividendYield } = terms;
  const { spot, yearsToExpiry, volatility } = state;
  if (terms.settlement === 'inverse') {
    const forward = forwardOf(terms, state);
    if (forward === 0) return inverseValueAtZero(terms);
    return black76Price({ forward, strike, yearsToExpiry, volatility, rate: 0, right }) / forward;
  }
  const spotInput = { spot, strike, yearsToExpiry, rate, dividendYield, volatility, right };
  switch (terms.model) {
    case 'black-scholes':
    case 'black76':
      return pricers.european(spotInput);
    case 'bachelier':
      return bachelierPrice({ forward: forwardOf(terms, state), strike, yearsToExpiry, volatility, rate, right });
    case 'american-baw':
      return pricers.baw(spotInput);
    case 'american-alo':
      return pricers.american(spotInput);
    case 'binomial-crr':
      return binomialCrrPrice({ ...spotInput, steps: terms.steps });
  }
}

/** Forward price for the expiry of the terms [quote currency per unit]. */
export function forwardOf(terms: OptionTerms, state: Pick<OptionState, 'spot' | 'yearsToExpiry'>): number {
  const carried = state.spot * exp((terms.rate - terms.dividendYield) * state.yearsToExpiry);
  return terms.forwardBasis === undefined ? carried : carried + terms.forwardBasis;
}

/** The default `ValueScenarios`: the plain models, contract by contract. */
export const valueScenariosPlainly: ValueScenarios = (contracts) => contracts.map((contract) => valueStates(contract));

/**
 * Values trees by the integral equation of the early exercise boundary instead, everything else as given: about ten times
 * faster, and the limit to which the tree converges as its steps grow (500 steps lie within 0.03 per 100 of strike up to two
 * years and a volatility of 80 %). For curves whose distance from full revaluation is measured.
 *
 * @param valueScenarios  values the rest
 */
export function withTreesAsBoundaries(valueScenarios: ValueScenarios = valueScenariosPlainly): ValueScenarios {
  const isTree = ({ terms }: ScenarioValuation) => terms.model === 'binomial-crr' && terms.settlement === 'linear';
  return (contracts) =>
    valueScenarios(
      contracts.some(isTree)
        ? contracts.map((contract) =>
            isTree(contract) ? { ...contract, terms: { ...contract.terms, model: 'american-alo' } } : contract,
          )
        : contracts,
    );
}

/**
 * Values one contract in every state by the plain models; states of one volatility and time share a boundary.
 *
 * @param values   where the prices are written; an array of their own when absent
 * @param pricers  of contracts valued before, where there were any
 */
export function valueStates(
  { terms, spots, yearsToExpiry, volatilities }: ScenarioValuation,
  values = new Float64Array(spots.length),
  pricers: StatePricers = createStatePricers(),
): Float64Array {
  for (let index = 0; index < spots.length; index += 1) {
    const spot = spots[index] as number;
    const state = { spot, yearsToExpiry: yearsToExpiry[index] as number, volatility: volatilities[index] as number };
    values[index] = valueUnder(terms, state, pricers);
  }
  return values;
}

/** As the forward falls to 0 a coin-settled call is worth nothing and a put K/F without bound. */
function inverseValueAtZero(terms: OptionTerms): number {
  return terms.right === 'call' ? 0 : Infinity;
}
