import { type Decimal, roundMoney } from '@ballast/domain';
import { concentrationBasis, type FirmRiskAnswer, type FirmScenario as DomainScenario } from '@ballast/use-cases';
import { type Money, toMoney } from '../money/money.model';
import type { Concentration, FirmRisk, FirmScenario } from './firm-risk.model';

/** Shows the risk of a firm as the API does. */
export function toFirmRisk({ run, asOf, ageMs, quality, qualityReasons, risk }: FirmRiskAnswer): FirmRisk {
  const { currency, libraryVersion, accounts, accountsExcluded, breaches, greeks, byUnderlying, byAccount } = risk;
  const scenarios = risk.scenarios.map(toScenario);
  const nets = new Map(byUnderlying.underlyings.map(({ underlyingId, net }) => [underlyingId, net]));
  return {
    runId: run.id,
    ...{ asOf, ageMs, quality, qualityReasons },
    ...{ currency, libraryVersion, accounts, accountsExcluded, breaches, greeks },
    equity: toMoney(risk.equity),
    collateralValue: toMoney(risk.collateralValue),
    initial: toMoney(risk.initial),
    maintenance: toMoney(risk.maintenance),
    scenarios,
    worstScenario: scenarios.find(({ name }) => name === risk.worstScenario) ?? null,
    byUnderlying: toConcentration(byUnderlying, {
      currency: byUnderlying.currency,
      basis: concentrationBasis.byUnderlying(byUnderlying.unconverted),
      nets,
    }),
    byAccount: toConcentration(byAccount, { currency, basis: concentrationBasis.byAccount }),
  };
}

function toScenario({ scenario, topAccounts, ...sums }: DomainScenario): FirmScenario {
  const { name, title, sources, figures = [] } = scenario;
  return {
    ...{ name, title, sources, figures },
    ...sums,
    loss: toMoney(sums.loss),
    grossLoss: toMoney(sums.grossLoss),
    lossOverCollateral: toMoney(sums.lossOverCollateral),
    lossOverRequirement: toMoney(sums.lossOverRequirement),
    stressedEquity: toMoney(sums.stressedEquity),
    topAccounts: topAccounts.map((account) => ({
      ...account,
      loss: toMoney(account.loss),
      equity: toMoney(account.equity),
      stressedEquity: toMoney(account.stressedEquity),
      stressedBuffer: toMoney(account.stressedBuffer),
      lossOverCollateral: toMoney(account.lossOverCollateral),
    })),
  };
}

function toConcentration(
  { herfindahl, effectiveNames, names, total, largest }: FirmRiskAnswer['risk']['byAccount'],
  shown: { readonly currency: string; readonly basis: string; readonly nets?: ReadonlyMap<string, Decimal> },
): Concentration {
  const { currency, basis, nets } = shown;
  const money = (amount: Decimal): Money => toMoney(roundMoney({ amount, currency }, 'nearest'));
  return {
    ...{ basis, herfindahl, effectiveNames, names },
    total: money(total),
    largest: largest.map(({ name, amount, share }) => {
      const net = nets?.get(name);
      return { name, amount: money(amount), net: net === undefined ? null : money(net), share };
    }),
  };
}
