import { DomainError, type InstrumentQuote } from '@ballast/domain';
import { Decimal } from '@ballast/domain';
import type { ValuedContract } from '@ballast/margin';
import { type PreparedState, prepareState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';
import type { StressScenario } from './stress-scenario';
import type { UnderlyingStress } from './stress-shift';

/**
 * Prepares an account for prices at or below 0: options of the underlyings concerned are valued by the normal (Bachelier)
 * model from now on, with the normal volatility that gives today's price (the switch of CME Clearing on 2020-04-22). An
 * account without such options, or whose model is the normal one already, stays as it is.
 *
 * @returns the state the scenario starts from, and the underlyings whose model was switched
 * @throws DomainError 'INVALID_MARKET_DATA' where the model of the options needs a positive price and the scenario does not
 *         switch it, or the methodology has no normal model
 */
export function switchToNormalModel(
  prepared: PreparedState,
  scenario: StressScenario,
  moves: readonly UnderlyingStress[],
): { readonly prepared: PreparedState; readonly switched: readonly string[] } {
  const fallen = new Set(
    moves.filter(({ stressedPrice }) => stressedPrice.isNegative()).map(({ underlyingId }) => underlyingId),
  );
  if (fallen.size === 0) return { prepared, switched: [] };
  const held = prepared.portfolio.positions.map(({ instrument }) => instrument);
  const contracts = valueContracts(prepared, held);
  const concerned = [...contracts.values()].filter(
    ({ instrument, option }) =>
      option !== undefined && option.terms.model !== 'bachelier' && fallen.has(instrument.underlying),
  );
  if (concerned.length === 0) return { prepared, switched: [] };
  const switched = [...new Set(concerned.map(({ instrument }) => instrument.underlying))].sort();
  const analysis = normalAnalysis(prepared, scenario, switched, concerned);
  const snapshot = { ...prepared.snapshot, instruments: pricesInsteadOfVolatilities(prepared, contracts, switched) };
  const rules = { ...prepared.rules, analysis };
  return { prepared: prepareState({ portfolio: prepared.portfolio, snapshot }, rules), switched };
}

function normalAnalysis(
  { portfolio, rules }: PreparedState,
  scenario: StressScenario,
  switched: readonly string[],
  concerned: readonly ValuedContract[],
) {
  const model = concerned[0]?.option?.terms.model ?? '';
  const what = `${switched.join(', ')} falls below 0 and ${portfolio.methodology} values its options by ${model}, which needs a positive price`;
  if ((scenario.negativePrices ?? 'REFUSE') === 'REFUSE')
    throw new DomainError('INVALID_MARKET_DATA', `${scenario.name}: ${what}; the scenario does not switch the model`);
  const analysis = rules.normalModel?.(switched);
  if (analysis !== undefined) return analysis;
  throw new DomainError(
    'INVALID_MARKET_DATA',
    `${scenario.name}: ${what}; ${portfolio.methodology} has no normal model to switch to`,
  );
}

/** A lognormal volatility means nothing to the normal model: the price of now is what is kept. */
function pricesInsteadOfVolatilities(
  { snapshot }: PreparedState,
  contracts: ReadonlyMap<string, ValuedContract>,
  switched: readonly string[],
): ReadonlyMap<string, InstrumentQuote> {
  const instruments = new Map(snapshot.instruments);
  for (const { instrument, mark, option } of contracts.values()) {
    if (option === undefined || !switched.includes(instrument.underlying)) continue;
    const quote = instruments.get(instrument.id);
    instruments.set(instrument.id, {
      instrumentId: instrument.id,
      bid: null,
      ask: null,
      quotedAt: quote?.quotedAt ?? snapshot.asOf,
      flags: quote?.flags ?? [],
      mark: quote?.mark ?? new Decimal(mark),
      impliedVolatility: null,
    });
  }
  return instruments;
}
