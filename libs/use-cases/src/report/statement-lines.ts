import {
  currencyScale,
  type Decimal,
  formatInstant,
  formatMoney,
  type Instrument,
  type MarketSnapshot,
  type Money,
  type Position,
} from '@ballast/domain';
import type { RequirementDetail, StoredMarginCall, StoredRequirement } from '@ballast/persistence';
import { type ReportLine, reportLine } from './report-document';

/** Everything that the statement of one account tells. */
export interface StatementContent {
  readonly requirement: StoredRequirement;
  readonly detail: RequirementDetail | undefined;
  readonly positions: readonly Position[];
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly snapshot: MarketSnapshot;
  readonly calls: readonly StoredMarginCall[];
}

/** The lines of a statement: equity and requirement add up to their first lines to the last cent. */
export function statementLines(content: StatementContent): readonly ReportLine[] {
  return [
    ...summaryLines(content.requirement),
    ...equityLines(content),
    ...requirementLines(content),
    ...positionLines(content),
    ...collateralLines(content),
    ...content.calls.map(callLine),
    ...noteLines(content.requirement),
  ];
}

const figures = [
  ['equity', 'equity', 'Equity', 'cash, positions and collateral, line by line below'],
  ['initialRequirement', 'initial', 'Initial requirement', 'what a new position must find'],
  ['maintenanceRequirement', 'maintenance', 'Maintenance requirement', 'what equity must not fall below'],
  ['buffer', 'buffer', 'Buffer', 'equity − maintenance requirement'],
  ['excess', 'excess', 'Excess', 'equity − initial requirement'],
  ['netOptionValue', 'net-option-value', 'Net option value', 'contained in equity'],
  ['collateralValue', 'collateral-value', 'Collateral after haircuts', 'contained in equity'],
] as const;

function summaryLines(requirement: StoredRequirement): ReportLine[] {
  const { status, bufferRatio, currency, leverage } = requirement;
  const section = 'summary';
  return [
    reportLine({ section, item: 'status', description: `Status: ${status.replaceAll('_', ' ').toLowerCase()}` }),
    ...figures.map(([field, item, description, basis]) =>
      reportLine({ section, item, description, basis, ...amountOf(requirement[field], currency) }),
    ),
    ratioLine('buffer-ratio', 'Buffer ratio', bufferRatio, 'buffer / maintenance requirement'),
    ratioLine('leverage', 'Leverage', leverage, 'gross market exposure / equity'),
  ];
}

function ratioLine(item: string, description: string, ratio: Decimal | null, basis: string): ReportLine {
  return reportLine({ section: 'summary', item, description, quantity: ratio?.toFixed() ?? null, basis });
}

function equityLines({ requirement, detail }: StatementContent): ReportLine[] {
  return (detail?.equityComponents ?? []).map(({ kind, currency, grossAmount, fxRate, fxHaircut, amount }) => {
    const isBase = currency === requirement.currency;
    const haircut = fxHaircut === 0 ? '' : ` less ${percent(fxHaircut)}`;
    return reportLine({
      section: 'equity',
      item: kind,
      description: `${sentence(kind)} in ${currency}`,
      ...amountOf(amount, requirement.currency),
      basis: isBase ? null : `${formatMoney(grossAmount)} ${currency} at ${fxRate}${haircut}`,
    });
  });
}

function requirementLines({ requirement, detail }: StatementContent): ReportLine[] {
  const depths = new Map<string, number>();
  return (detail?.breakdown ?? []).map(({ id, parentId, kind, label, amount, basis }) => {
    const depth = parentId === null ? 0 : (depths.get(parentId) ?? 0) + 1;
    depths.set(id, depth);
    const line = { section: 'requirement', item: kind, description: label, depth, basis };
    return reportLine({ ...line, ...amountOf(amount, requirement.currency) });
  });
}

function positionLines(content: StatementContent): ReportLine[] {
  const { currency } = content.requirement;
  const shares = new Map(content.detail?.contributions.map(({ instrumentId, euler }) => [instrumentId, euler]));
  return content.positions.map(({ instrumentId, quantity, averagePrice }) => {
    const instrument = content.instruments.get(instrumentId);
    const price = priceOf(instrumentId, instrument, content.snapshot);
    const share = shares.get(instrumentId);
    const isFuturesStyle = instrument !== undefined && instrument.type !== 'underlying' && !isPremiumStyle(instrument);
    const value =
      price === null || instrument === undefined || isFuturesStyle
        ? null
        : { amount: quantity.times(price).times(instrument.multiplier), currency: instrument.currency };
    const basis = [
      averagePrice === undefined ? '' : `paid ${averagePrice.toFixed()}`,
      share === undefined ? '' : `${share.toFixed(currencyScale(currency))} ${currency} of the maintenance requirement`,
    ].filter((text) => text !== '');
    return reportLine({
      section: 'position',
      item: instrumentId,
      description: instrument === undefined ? instrumentId : termsOf(instrument),
      quantity: quantity.toFixed(),
      price: price?.toFixed() ?? null,
      ...(value === null ? { currency: instrument?.currency ?? null } : amountOf(value, value.currency)),
      basis: basis.length === 0 ? null : basis.join('; '),
    });
  });
}

function isPremiumStyle(instrument: Instrument): boolean {
  return instrument.type === 'option' && instrument.premiumStyle === 'equity';
}

function priceOf(id: string, instrument: Instrument | undefined, snapshot: MarketSnapshot): Decimal | null {
  const mark = snapshot.instruments.get(id)?.mark ?? null;
  if (mark !== null || instrument?.type !== 'underlying') return mark;
  return snapshot.underlyings.get(instrument.underlying)?.price ?? null;
}

function termsOf(instrument: Instrument): string {
  if (instrument.type === 'underlying') return instrument.underlying;
  if (instrument.type === 'perpetual') return `${instrument.underlying} perpetual`;
  const expiry = formatInstant(instrument.expiry).slice(0, 10);
  if (instrument.type === 'future') return `${instrument.underlying} future ${expiry}`;
  return `${instrument.underlying} ${instrument.right} ${instrument.strike.toFixed()} ${expiry}`;
}

function collateralLines({ requirement, detail }: StatementContent): ReportLine[] {
  return (detail?.collateral ?? []).map((line) =>
    reportLine({
      section: 'collateral',
      item: line.asset,
      description:
        [line.assetClass, line.rating, line.maturity].filter((word) => word !== null).join(' ') || line.asset,
      quantity: line.quantity.toFixed(),
      price: line.price.toFixed(),
      ...amountOf(line.netValue, requirement.currency),
      basis: `haircut ${percent(line.haircut)}${line.fxHaircut === 0 ? '' : `, currency ${percent(line.fxHaircut)}`}${line.limitedBy === null ? '' : `, ${line.limitedBy}`}`,
    }),
  );
}

function callLine(call: StoredMarginCall): ReportLine {
  const { currency, outstanding, paid, amount, raisedAt, dueAt, state, id } = call;
  const text = (money: Decimal): string => formatMoney({ amount: money, currency });
  return reportLine({
    section: 'call',
    item: id,
    description: `${sentence(state.toLowerCase())}, raised ${formatInstant(raisedAt)}, due ${formatInstant(dueAt)}`,
    ...amountOf({ amount: outstanding, currency }, currency),
    basis: `outstanding of ${text(amount)}, ${text(paid)} paid`,
  });
}

function noteLines({ qualityReasons, warnings, hold }: StoredRequirement): ReportLine[] {
  const held =
    hold === undefined
      ? []
      : [
          hold.confirmation === null
            ? 'waits for a person to confirm it'
            : `confirmed by ${hold.confirmation.confirmedBy}`,
        ];
  return [...qualityReasons, ...warnings, ...held].map((description) =>
    reportLine({ section: 'note', item: description.split(':')[0] ?? '', description }),
  );
}

function amountOf(money: Money | null, currency: string): Pick<ReportLine, 'amount' | 'currency'> {
  return money === null ? { amount: null, currency } : { amount: formatMoney(money), currency: money.currency };
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(6))} %`;
}

function sentence(word: string): string {
  const text = word.replaceAll(/[-_]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
