// The risk of a firm as JSON and as text a person reads.
import { formatInstant, formatMoney, type Money, roundMoney } from '@ballast/domain';
import type { Concentration, FirmRiskAnswer } from '../analysis/read-firm-risk';
import { reportColumns, reportNumber, reportPercent, reportSections } from './report-lines';

/** What the concentrations of a firm are of. */
export const concentrationBasis = {
  byUnderlying: (unconverted: readonly string[]): string =>
    `Σ over accounts of |delta × price| per underlying${unconverted.length === 0 ? '' : `, without ${unconverted.join(', ')}: no exchange rate`}`,
  byAccount: 'maintenance requirement per account',
} as const;

/** A firm's risk and how far it can be relied on, wherever its accounts come from. */
export type FirmRiskView = Pick<FirmRiskAnswer, 'asOf' | 'quality' | 'qualityReasons' | 'risk'>;

/** The figures of a run, and how old they are. */
export function firmRiskJson({ run, ageMs, ...view }: FirmRiskAnswer) {
  return { run: run.id, ageMs, ...firmRiskFigures(view) };
}

/** Money as digits; instants as text. The currency is stated once. */
export function firmRiskFigures({ asOf, quality, qualityReasons, risk }: FirmRiskView) {
  const { scenarios, byUnderlying, byAccount, equity, collateralValue, initial, maintenance, ...plain } = risk;
  return {
    asOf: formatInstant(asOf),
    ...{ quality, qualityReasons },
    ...plain,
    greeks: risk.greeks.map((group) => ({
      ...group,
      expiry: group.expiry === null ? null : formatInstant(group.expiry),
    })),
    ...digitsOf({ equity, collateralValue, initial, maintenance }),
    scenarios: scenarios.map(({ scenario: { name, title, sources, figures = [] }, topAccounts, ...sums }) => ({
      ...{ name, title, sources },
      figures: figures.map(({ closes: _, ...figure }) => figure),
      ...digitsOf(sums),
      topAccounts: topAccounts.map(digitsOf),
    })),
    byUnderlying: {
      ...concentrationJson(byUnderlying, byUnderlying.currency),
      currency: byUnderlying.currency,
      basis: concentrationBasis.byUnderlying(byUnderlying.unconverted),
      net: Object.fromEntries(
        byUnderlying.underlyings.map(({ underlyingId, net }) => [
          underlyingId,
          digits({ amount: net, currency: byUnderlying.currency }),
        ]),
      ),
    },
    byAccount: { ...concentrationJson(byAccount, risk.currency), basis: concentrationBasis.byAccount },
  };
}

/** Totals, scenarios, the accounts of the worst one, concentration and Greeks. */
export function firmRiskText(answer: FirmRiskView): string {
  const { asOf, quality, qualityReasons, risk } = answer;
  const { currency, scenarios, byUnderlying, byAccount, greeks } = risk;
  const worst = scenarios.find(({ scenario }) => scenario.name === risk.worstScenario);
  return reportSections([
    [
      `${risk.accounts} accounts at ${formatInstant(asOf)}, ${quality}, amounts in ${currency}`,
      `Equity ${formatMoney(risk.equity)}, of it collateral ${formatMoney(risk.collateralValue)}; initial ${formatMoney(risk.initial)}, maintenance ${formatMoney(risk.maintenance)}; below maintenance: ${risk.breaches}`,
    ],
    reportColumns([
      ['Scenario', 'loss', 'of the losers', 'over collateral', 'over requirement', 'breach', 'of them new', 'owe', 'refused'],
      ...scenarios.map((row) => [
        row.scenario.name,
        ...[row.loss, row.grossLoss, row.lossOverCollateral, row.lossOverRequirement].map(formatMoney),
        ...[row.breaches, row.newBreaches, row.deficits, row.accountsRefused].map(String),
      ]),
    ]), // prettier-ignore
    worst === undefined || worst.topAccounts.length === 0
      ? []
      : [
          `Largest losses in ${worst.scenario.name}`,
          ...reportColumns([
            ['Account', 'loss', 'equity', 'stressed equity', 'stressed buffer', 'status'],
            ...worst.topAccounts.map((row) => [
              row.code,
              ...[row.loss, row.equity, row.stressedEquity, row.stressedBuffer].map(formatMoney),
              row.status,
            ]),
          ]),
        ],
    concentrationLines('Exposure by underlying', byUnderlying, byUnderlying.currency),
    concentrationLines('Requirement by account', byAccount, currency),
    reportColumns([
      ['Greeks', 'delta', 'gamma', 'vega', 'theta', 'rho', 'delta cash'],
      ...greeks.map((row) => [
        row.key,
        ...[row.delta, row.gamma, row.vega, row.theta, row.rho, row.deltaCash].map((value) => reportNumber(value)),
      ]),
    ]),
    qualityReasons,
  ]);
}

type Digits<Row> = { readonly [Key in keyof Row]: Row[Key] extends Money ? string : Row[Key] };

function digitsOf<Row extends object>(row: Row): Digits<Row> {
  const entries = Object.entries(row).map(([key, value]) => [key, isMoney(value) ? digits(value) : value]);
  return Object.fromEntries(entries) as Digits<Row>;
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}

function digits(money: Money): string {
  return formatMoney(roundMoney(money, 'nearest'));
}

function concentrationJson({ herfindahl, effectiveNames, names, total, largest }: Concentration, currency: string) {
  const rows = largest.map(({ name, amount, share }) => ({ name, amount: digits({ amount, currency }), share }));
  return { herfindahl, effectiveNames, names, total: digits({ amount: total, currency }), largest: rows };
}

function concentrationLines(title: string, found: Concentration, currency: string): readonly string[] {
  const { herfindahl, effectiveNames, names, total, largest } = found;
  if (herfindahl === null || effectiveNames === null) return [];
  return [
    `${title}: Herfindahl ${herfindahl.toFixed(4)}, as ${effectiveNames.toFixed(1)} of one size; ${names} names, ${digits({ amount: total, currency })} ${currency}`,
    ...reportColumns(
      largest.map(({ name, amount, share }) => [`  ${name}`, digits({ amount, currency }), reportPercent(share)]),
    ),
  ];
}
