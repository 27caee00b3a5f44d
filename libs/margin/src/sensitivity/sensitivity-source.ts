import { DomainError, type MarketSnapshot } from '@ballast/domain';
import { currencyRate } from '../fx-to-base';
import type { ValuedContract, ValuedPosition } from '../instrument-valuation';
import type { Sensitivity } from '../portfolio';
import { contractGreeks } from '../position-greeks';
import type { SharedContracts } from '../shared-contracts';
import { residualBucket, type SensitivityParameters } from './sensitivity-parameters';
import { splitTenor } from './sensitivity-tenor';

/** What contributes to the requirement: a position, or a name of ready sensitivities. */
export interface SensitivitySource {
  /** Instrument, or qualifier of ready sensitivities. */
  readonly id: string;
  /** Net contracts; 1 for ready sensitivities. */
  readonly quantity: number;
  /** Sensitivities of one contract [USD]. */
  readonly sensitivities: readonly Sensitivity[];
}

/**
 * Computes the sensitivities of one contract from its Greeks (methodology §4.5): Risk_Equity = 0.01 · S · delta ·
 * multiplier, the value change for +1 %; Risk_EquityVol = vega / 100 · multiplier, times the volatility in points where
 * the parameters say so, split linearly between the neighbouring tenors. Converted to USD.
 *
 * @param shared  raw Greeks of earlier portfolios, read and added to
 * @throws DomainError 'FX_MISSING' when the quote currency has no rate to USD
 */
export function sensitivitiesOfContract(
  contract: ValuedContract,
  parameters: SensitivityParameters,
  snapshot: MarketSnapshot,
  shared?: Pick<SharedContracts, 'greeks'>,
): readonly Sensitivity[] {
  const { instrument, underlying, multiplier, option, yearsToExpiry } = contract;
  const toUsd = currencyRate(snapshot, { from: underlying.currency, to: 'USD' });
  const name = {
    productClass: 'Equity',
    qualifier: underlying.qualifier ?? underlying.underlyingId,
    bucket: underlying.sensitivityBucket ?? residualBucket,
  };
  const greeks = shared?.greeks.get(contract) ?? contractGreeks(contract);
  shared?.greeks.set(contract, greeks);
  const { delta, vega } = greeks;
  const price = instrument.type === 'future' ? contract.mark : contract.spot;
  const deltaUsd = 0.01 * price * delta * multiplier * toUsd;
  const equity = { ...name, riskType: 'Risk_Equity' as const, tenor: '', amountUsd: deltaUsd };
  if (option === undefined) return [equity];
  const points = parameters.vegaInput === 'vega' ? 1 : 100 * option.volatility;
  const vegaUsd = (vega / 100) * points * multiplier * toUsd;
  const vegas = splitTenor(yearsToExpiry * 365).map(({ tenor, weight }) => ({
    ...name,
    riskType: 'Risk_EquityVol' as const,
    tenor,
    amountUsd: vegaUsd * weight,
  }));
  return [equity, ...vegas];
}

/**
 * Takes valued positions as sources, in their canonical order.
 *
 * @param shared  sensitivities of contracts in earlier portfolios, read and added to
 */
export function sourcesOfPositions(
  positions: readonly ValuedPosition[],
  parameters: SensitivityParameters,
  snapshot: MarketSnapshot,
  shared?: Pick<SharedContracts, 'greeks' | 'sensitivities'>,
): readonly SensitivitySource[] {
  return positions.map(({ contract, quantity }) => {
    const known = shared?.sensitivities.get(contract);
    const sensitivities = known ?? sensitivitiesOfContract(contract, parameters, snapshot, shared);
    if (known === undefined) shared?.sensitivities.set(contract, sensitivities);
    return { id: contract.instrument.id, quantity, sensitivities };
  });
}

/** Takes ready sensitivities as one source per qualifier, sorted. */
export function sourcesOfSensitivities(sensitivities: readonly Sensitivity[]): readonly SensitivitySource[] {
  const byQualifier = new Map<string, Sensitivity[]>();
  for (const sensitivity of sensitivities) {
    const own = byQualifier.get(sensitivity.qualifier);
    if (own === undefined) byQualifier.set(sensitivity.qualifier, [sensitivity]);
    else own.push(sensitivity);
  }
  return [...byQualifier.keys()]
    .sort()
    .map((id) => ({ id, quantity: 1, sensitivities: byQualifier.get(id) as readonly Sensitivity[] }));
}

/** @throws DomainError 'INVALID_PORTFOLIO' when a portfolio states both, which would count the same risk twice */
export function requireOneSource(portfolio: {
  readonly positions: readonly unknown[];
  readonly sensitivities?: readonly unknown[];
}): void {
  if (portfolio.positions.length > 0 && (portfolio.sensitivities?.length ?? 0) > 0) {
    const message = 'sensitivities: a portfolio states either positions or ready sensitivities, not both';
    throw new DomainError('INVALID_PORTFOLIO', message, 'sensitivities');
  }
}
