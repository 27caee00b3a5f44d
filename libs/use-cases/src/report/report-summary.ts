import { Decimal, formatInstant, formatMoney, type Instant, instantOf } from '@ballast/domain';
import {
  Database,
  type Firm,
  type MarginRun,
  type MarketSnapshotHeader,
  MarketSnapshotStore,
  type StoredMarginCall,
  type StoredRequirement,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { type ReportDocument, type ReportLine, reportLine } from './report-document';
import { type AccountOfRun, headOf, ReportFigures } from './report-statements';
import { RunSums } from './run-sums';

const rowsPerStep = 2_000;
const dayMs = 86_400_000;
const statementTimeoutMs = 60_000;

/** Sums a run up for a regulator or a risk committee: statuses, coverage by currency, deficits, calls and their age. */
@Injectable()
export class ReportSummary {
  constructor(
    private readonly database: Database,
    private readonly figures: ReportFigures,
    private readonly snapshots: MarketSnapshotStore,
  ) {}

  /**
   * @param request.from  calls raised from then until the run count as those of the period; default a day before it
   * @throws UseCaseError 'FORBIDDEN', 'NOT_FOUND' for an unknown run or without any, 'CONFLICT' for one without results
   */
  async execute(
    principal: Principal,
    request: { readonly firm: Firm; readonly runId?: string | undefined; readonly from?: Instant | undefined },
  ): Promise<ReportDocument> {
    requirePermission(principal, 'read-firm');
    const { firmId } = principal;
    const work = async (tx: TenantTransaction): Promise<ReportDocument> => {
      const run = await this.figures.findRun(tx, request.runId);
      const header = (await this.snapshots.findById(tx, run.snapshotId)) as MarketSnapshotHeader;
      const from = request.from ?? instantOf(run.asOf - dayMs);
      const sums = new RunSums();
      for await (const page of this.figures.pages(tx, run, { first: rowsPerStep }))
        page.forEach((each) => sums.add(each));
      const open = await this.figures.findCalls(tx, { open: true });
      const raised = await this.figures.findCalls(tx, { raisedFrom: from, raisedBefore: instantOf(run.asOf + 1) });
      const lines = [
        ...countLines('status', sums.statuses),
        ...countLines('quality', sums.qualities),
        ...coverageLines(sums),
        ...sums.deficits().map(deficitLine),
        ...callLines('open-call', open, run),
        ...callLines('period', raised, run),
        ...noteLines(run, from),
      ];
      const worst = ['INDETERMINATE', 'STALE', 'HELD', 'DEGRADED'].find((word) => sums.qualities.has(word)) ?? 'OK';
      const quality = { quality: worst, qualityReasons: header.qualityReasons };
      const head = headOf('summary', { run, header, firm: request.firm });
      return { ...head, ...quality, account: null, lines, accountResultHash: null };
    };
    return this.database.withTenant({ firmId }, work, { isolation: 'REPEATABLE READ', statementTimeoutMs });
  }
}

function countLines(section: string, counts: ReadonlyMap<string, number>): ReportLine[] {
  return [...counts].sort().map(([word, count]) =>
    reportLine({
      section,
      item: word,
      description: word.replaceAll('_', ' ').toLowerCase(),
      quantity: String(count),
    }),
  );
}

function coverageLines({ totals }: RunSums): ReportLine[] {
  return [...totals].sort().flatMap(([currency, sum]) => {
    const line = (item: string, description: string, amount: Decimal, basis: string | null = null): ReportLine =>
      reportLine({
        section: 'coverage',
        item,
        description,
        amount: formatMoney({ amount, currency }),
        currency,
        basis,
      });
    const ratio = sum.maintenance.isZero()
      ? null
      : sum.equity.div(sum.maintenance).toDecimalPlaces(6, Decimal.ROUND_FLOOR);
    return [
      line('equity', 'Equity', sum.equity, `${sum.accounts} accounts with figures`),
      line('maintenance', 'Maintenance requirements', sum.maintenance),
      line('initial', 'Initial requirements', sum.initial),
      line('collateral', 'Collateral after haircuts', sum.collateral, 'contained in equity'),
      line(
        'deficit',
        'Deficits',
        sum.deficit,
        `${sum.short} accounts whose equity is below maintenance; no account covers another`,
      ),
      reportLine({
        section: 'coverage',
        item: 'coverage-ratio',
        description: 'Coverage',
        quantity: ratio?.toFixed() ?? null,
        currency,
        basis: 'equity / maintenance requirements of all accounts',
      }),
    ];
  });
}

function deficitLine({ account: { code }, requirement }: AccountOfRun): ReportLine {
  const { buffer, currency, equity, maintenanceRequirement, status } = requirement;
  const text = (money: StoredRequirement['equity']): string => (money === null ? '' : formatMoney(money));
  return reportLine({
    section: 'deficit',
    item: code,
    description: status.replaceAll('_', ' ').toLowerCase(),
    amount: text(buffer),
    currency,
    basis: `equity ${text(equity)}, maintenance ${text(maintenanceRequirement)}`,
  });
}

function callLines(section: string, calls: readonly StoredMarginCall[], run: MarginRun): ReportLine[] {
  const groups = new Map<string, StoredMarginCall[]>();
  for (const call of calls) {
    const key = `${call.state} ${call.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups].sort().map(([key, group]) => {
    const [state = '', currency = ''] = key.split(' ');
    const sum = (value: (call: StoredMarginCall) => Decimal): string =>
      formatMoney({ amount: group.reduce((total, call) => total.plus(value(call)), new Decimal(0)), currency });
    const oldest = Math.max(...group.map(({ raisedAt }) => run.asOf - raisedAt)) / dayMs;
    const called = sum(({ amount }) => amount);
    return reportLine({
      section,
      item: state,
      description: `${state.replaceAll('_', ' ').toLowerCase()}, oldest ${Math.max(0, oldest).toFixed(1)} days`,
      quantity: String(group.length),
      amount: sum(({ outstanding }) => outstanding),
      currency,
      basis: `outstanding of ${called} called, ${sum(({ paid }) => paid)} paid`,
    });
  });
}

function noteLines(run: MarginRun, from: Instant): ReportLine[] {
  const notes = [
    `period: calls raised from ${formatInstant(from)} to ${formatInstant(run.asOf)}, in the state they have now`,
    ...(run.failureReason === null ? [] : [run.failureReason]),
  ];
  return notes.map((description) => reportLine({ section: 'note', item: 'note', description }));
}
