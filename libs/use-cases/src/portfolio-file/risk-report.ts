// Value at risk as text a person reads.
import { reportColumns, reportNumber, reportPercent, reportSections } from './report-lines';
import type { ValueAtRiskOutput } from './value-at-risk-file';

const methodNames: Readonly<Record<ValueAtRiskOutput['method'], string>> = {
  HISTORICAL: 'historical simulation',
  FILTERED_HISTORICAL: 'historical simulation scaled to present volatility',
  DELTA_GAMMA: 'delta-gamma, Cornish-Fisher',
  MONTE_CARLO: 'Monte Carlo, scrambled Sobol',
};

/** Writes value at risk, expected shortfall, their errors, the parts and what correlation saves. */
export function formatValueAtRiskReport(output: ValueAtRiskOutput): string {
  const { method, confidence, horizonDays, currency, window, interval, standalone, diversification } = output;
  const days = `${horizonDays} ${horizonDays === 1 ? 'day' : 'days'}`;
  const parts = standalone.map((part) => [
    part.underlying,
    reportNumber(part.valueAtRisk),
    reportNumber(part.expectedShortfall),
  ]);
  return reportSections([
    [`Loss over ${days} at ${reportPercent(confidence)}, ${methodNames[method]}, in ${currency}`],
    reportColumns([
      ['', 'VaR', 'ES'],
      ...parts,
      ['Diversification', reportNumber(-diversification.valueAtRisk), reportNumber(-diversification.expectedShortfall)],
      ['Account', reportNumber(output.valueAtRisk), reportNumber(output.expectedShortfall)],
      ...(output.valueAtRiskError === null
        ? []
        : [['Standard error', reportNumber(output.valueAtRiskError), reportNumber(output.expectedShortfallError)]]),
    ]),
    interval === null
      ? []
      : [
          `VaR lies between ${reportNumber(interval.low)} and ${reportNumber(interval.high)} with probability ${reportPercent(interval.coverage, 1)}`,
        ],
    window === null ? [] : [`${window.returns} daily returns, ${window.from} to ${window.to}`],
    output.worst.map(({ date, loss }) => `${date}  loss ${reportNumber(loss)}`),
    output.qualityReasons,
    output.warnings.map((warning) => `Note: ${warning}`),
  ]);
}
