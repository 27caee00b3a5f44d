import { formatInstant, formatMoney, type Money } from '@ballast/domain';
import { formatDelimitedCells } from '@ballast/formats';
import type { AccountExpiryExposure, ExpiringSeries, ExpiryExposureReport } from '@ballast/use-cases';
import { alignColumns } from '../print';

/** The report as plain JSON: amounts are strings. */
export function expiryExposureJson(report: ExpiryExposureReport) {
  return {
    date: report.date,
    snapshot: { id: report.snapshot.id, asOf: formatInstant(report.snapshot.asOf) },
    accounts: report.accounts.map((exposure) => ({
      account: exposure.account.code,
      currency: exposure.account.baseCurrency,
      series: exposure.series.map(seriesJson),
      cash: exposure.change.cash.map(({ currency, amount }) => ({ currency, amount: amount.toFixed() })),
      requiredCash: exposure.requiredCash.map(({ currency, amount }) => ({ currency, amount: amount.toFixed() })),
      resultingPositions: exposure.resulting.map(({ instrumentId, before, after }) => ({
        instrument: instrumentId,
        before: before.toFixed(),
        after: after.toFixed(),
      })),
      now: bufferJson(exposure.now),
      after: bufferJson(exposure.after),
      notes: exposure.change.notes,
    })),
  };
}

const header = [
  'account',
  'instrument',
  'quantity',
  'underlyingPrice',
  'moneyness',
  'moneynessRatio',
  'consequence',
  'currency',
  'cash',
  'deliveries',
  'accountRequiredCash',
  'accountBufferNow',
  'accountBufferAfter',
  'accountStatusAfter',
  'calendar',
];

/** One row per account and series, the figures of the account repeated in each. */
export function expiryExposureCsv(report: ExpiryExposureReport): string {
  const rows = report.accounts.flatMap((exposure) => exposure.series.map((series) => seriesCells(exposure, series)));
  return [header, ...rows].map((cells) => `${formatDelimitedCells(cells)}\n`).join('');
}

/** A table of the series, then one of the accounts. */
export function expiryExposureText(report: ExpiryExposureReport): string {
  const title = `expiries of ${report.date}, market of ${formatInstant(report.snapshot.asOf)}\n`;
  if (report.accounts.length === 0) return `${title}no series that ends that day is held\n`;
  const series = report.accounts.flatMap((exposure) =>
    exposure.series.map((row) => {
      const json = seriesJson(row);
      const deliveries = json.deliveries.map(({ instrument, quantity }) => `${quantity} ${instrument}`).join(' ');
      const cash = json.cash === null ? '' : `${json.cash} ${json.currency}`;
      const orphan = json.orphan === null ? '' : '  CAL_ORPHAN';
      return [
        exposure.account.code,
        json.instrument,
        json.quantity,
        json.moneyness ?? '',
        json.consequence ?? 'NO PRICE',
        cash,
        `${deliveries}${orphan}`,
      ];
    }),
  );
  const accounts = report.accounts.map(({ account, requiredCash, now, after }) => [
    account.code,
    requiredCash.map(({ currency, amount }) => `${amount.toFixed()} ${currency}`).join(' ') || '–',
    moneyText(now.buffer),
    moneyText(after.buffer),
    after.status,
  ]);
  return [
    title,
    alignColumns([['account', 'series', 'quantity', 'money', 'end', 'cash', 'delivery'], ...series], [2, 5]),
    '\n',
    alignColumns([['account', 'required cash', 'buffer now', 'buffer after', 'status after'], ...accounts], [1, 2, 3]),
  ].join('');
}

function seriesJson(series: ExpiringSeries) {
  const { instrument } = series;
  return {
    instrument: instrument.id,
    underlying: instrument.underlying,
    expiry: 'expiry' in instrument ? formatInstant(instrument.expiry) : null,
    quantity: series.quantity.toFixed(),
    underlyingPrice: series.price?.toFixed() ?? null,
    moneyness: series.moneyness,
    moneynessRatio: series.moneynessRatio,
    settlement: series.delivery,
    consequence: series.consequence,
    currency: instrument.currency,
    cash: series.cash?.toFixed() ?? null,
    deliveries: series.deliveries.map(({ instrumentId, quantity }) => ({
      instrument: instrumentId,
      quantity: quantity.toFixed(),
    })),
    orphan: series.orphan,
  };
}

function bufferJson(state: AccountExpiryExposure['now']) {
  return {
    equity: moneyText(state.equity, null),
    buffer: moneyText(state.buffer, null),
    status: state.status,
    quality: state.quality,
    qualityReasons: state.qualityReasons,
  };
}

function moneyText(money: Money | null): string;
function moneyText(money: Money | null, absent: null): string | null;
function moneyText(money: Money | null, absent: string | null = 'indeterminate'): string | null {
  return money === null ? absent : formatMoney(money);
}

function seriesCells(exposure: AccountExpiryExposure, series: ExpiringSeries): string[] {
  const row = seriesJson(series);
  return [
    exposure.account.code,
    row.instrument,
    row.quantity,
    row.underlyingPrice ?? '',
    row.moneyness ?? '',
    row.moneynessRatio === null ? '' : String(row.moneynessRatio),
    row.consequence ?? '',
    row.currency,
    row.cash ?? '',
    row.deliveries.map(({ instrument, quantity }) => `${instrument} ${quantity}`).join('; '),
    exposure.requiredCash.map(({ currency, amount }) => `${amount.toFixed()} ${currency}`).join('; '),
    exposure.now.buffer === null ? '' : formatMoney(exposure.now.buffer),
    exposure.after.buffer === null ? '' : formatMoney(exposure.after.buffer),
    exposure.after.status,
    row.orphan ?? '',
  ];
}
