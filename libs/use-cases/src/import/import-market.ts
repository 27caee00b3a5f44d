import { type DataQuality, formatInstant, type Instant, type Instrument } from '@ballast/domain';
import {
  type LeanTerms,
  type MarketContent,
  type MarketFormat,
  readMarketFiles,
  refuseFile,
  readSecondSource,
  type SecondSource,
  type SourceFile,
  type TableRow,
} from '@ballast/formats';
import {
  type BreakerEvent,
  type BuiltSnapshot,
  buildVolatilitySurface,
  type VolatilitySurface,
} from '@ballast/market-data';
import { Database, InstrumentStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { assembleMarket } from '../market/assemble-market';
import {
  describeSource,
  hashFiles,
  type ImportContext,
  ImportProblems,
  type ImportReport,
  requireControlTotals,
} from './import-report';
import { InstrumentRegistration, type Registration } from './instrument-registration';
import { describeFxTriangles, isFrozen, MarketGuard } from '../market/market-guard';
import { consolidateMarket, momentOfSources, quotedElsewhere, withRowsOfOthers } from '../market/second-sources';
import { clockSkewMs } from '../market/stated-market';

/** How market files are to be taken. */
export interface MarketImport extends ImportContext {
  /** Moment of the import: a market of later is refused, because it would stay the newest for good. */
  readonly now: Instant;
  /** Instant of the snapshot; that of the latest quote when absent. */
  readonly asOf?: Instant;
  /** Age from which a price is stale [ms]; a day when absent. */
  readonly ageMaximumMs?: number;
  /** The same market by other sources, one file each. */
  readonly secondSources?: readonly SourceFile[];
  /** Forces the format instead of telling it by the header. */
  readonly format?: MarketFormat;
  /** What a LEAN chain does not say. */
  readonly lean?: LeanTerms;
}

/** What became of a market. */
export interface MarketImportReport extends ImportReport {
  readonly snapshot: {
    readonly id: string;
    /** RFC 3339 in UTC. */
    readonly asOf: string;
    readonly hash: string;
    /** False when the same content was imported before. */
    readonly isNew: boolean;
    readonly quality: DataQuality;
    readonly qualityReasons: readonly string[];
  };
  /** How many quotes carry each flag. */
  readonly flagCounts: Readonly<Record<string, number>>;
  readonly instrumentsNew: number;
  /** How well the volatilities of each underlying form a surface. */
  readonly surfaces: readonly SurfaceSummary[];
}

/** Fit and static arbitrage of one volatility surface. */
export interface SurfaceSummary {
  readonly underlying: string;
  readonly expiries: number;
  /** Expiries that a curve fits; the others are interpolated. */
  readonly fitted: number;
  /** Largest root mean square miss of a fitted expiry [1/√year]. */
  readonly worstError: number;
  /** How often each finding occurs. */
  readonly findings: Readonly<Record<string, number>>;
}

/** A large market is held against the one before it, and hashed, between two statements [ms]. */
const idleTimeoutMs = 600_000;

/** Stores market files as one immutable snapshot, together with the contracts that a chain file describes. */
@Injectable()
export class ImportMarket {
  constructor(
    private readonly database: Database,
    private readonly instruments: InstrumentStore,
    private readonly registration: InstrumentRegistration,
    private readonly guard: MarketGuard,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(command: MarketImport, sources: readonly SourceFile[]): Promise<MarketImportReport> {
    const content = readMarketFiles(sources, {
      ...(command.format === undefined ? {} : { format: command.format }),
      ...(command.lean === undefined ? {} : { lean: command.lean }),
    });
    requireControlTotals(command, { file: content.files.quotes, rows: content.rowCount }, hashFiles(sources));
    const { secondSources = [] } = command;
    const others = secondSources.map((source) => readSecondSource(source, command.lean));
    const files = hashFiles([...sources, ...secondSources]);
    const { firmId } = command;
    const registration = registrationOf(content);
    // Terms never change: what is read here still holds below, and no transaction stands open while a market is computed.
    const known = await this.database.withTenant({ firmId }, (transaction) =>
      this.readTerms(transaction, { content, others, registration }),
    );
    const computed = computeMarket(command, { content, others, known });
    const store = async (transaction: TenantTransaction) => {
      const { inserted } = await this.registration.register(transaction, registration, new ImportProblems());
      const judged = { ...computed, instruments: known.instruments, source: describeSource(files) };
      return { ...(await this.guard.publish(transaction, judged)), instrumentsNew: inserted };
    };
    const stored = await this.database.withTenant({ firmId }, store, { idleTimeoutMs });
    const { header, isNew, built, event, instrumentsNew } = stored;
    const { surfaces, notes } = computed;
    return {
      kind: 'market',
      files,
      rows: content.rowCount,
      stored: isNew ? content.rowCount : 0,
      unchanged: isNew ? 0 : content.rowCount,
      totals: totalsOf(content, built),
      warnings: [
        ...content.warnings,
        ...others.flatMap(({ warnings }) => warnings),
        ...notes,
        ...describeFxTriangles(built),
        ...frozenWarnings(event),
      ],
      snapshot: {
        id: header.id,
        asOf: formatInstant(header.asOf),
        hash: header.hash,
        isNew,
        quality: header.quality,
        qualityReasons: header.qualityReasons,
      },
      flagCounts: Object.fromEntries(built.flagCounts),
      instrumentsNew,
      surfaces: surfaces.map(summaryOf),
    };
  }

  /** Terms of every contract that is quoted, by the files or by the record, after every row was placed. @throws FileRefusal */
  private async readTerms(
    transaction: TenantTransaction,
    { content, others, registration }: MarketFiles & { readonly registration: Registration },
  ): Promise<KnownTerms> {
    await this.registration.check(transaction, registration, new ImportProblems());
    const quoted = content.quotes.map(({ value }) => value.instrumentId);
    const elsewhere = quotedElsewhere(content, others);
    const stored = await this.instruments.findByIds(transaction, [...quoted, ...elsewhere]);
    const described = registration.instruments.map(({ value }) => [value.id, value] as const);
    const instruments = new Map([...described.filter(([id]) => !stored.has(id)), ...stored]);
    requirePlaced(content, instruments);
    const underlyings = others.length === 0 ? new Map() : await this.instruments.findUnderlyings(transaction);
    const named = registration.underlyings.map(({ value }) => [value.id, value] as const);
    return { instruments, underlyings: new Map([...named, ...underlyings]) };
  }
}

/** What a market is read from. */
interface MarketFiles {
  readonly content: MarketContent;
  readonly others: readonly SecondSource[];
}

/** What the files and the record together say of contracts and underlyings, by identifier. */
interface KnownTerms {
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly underlyings: ReadonlyMap<string, unknown>;
}

function registrationOf({ instruments, underlyings, files }: MarketContent): Registration {
  return {
    instruments: instruments.map((row) => ({ ...row, file: files.quotes })),
    underlyings: underlyings.map(({ line, value }) => ({
      line,
      file: files.underlyings,
      value: { id: value.underlyingId, kind: value.kind, currency: value.currency },
    })),
  };
}

/** The snapshot and its surfaces: seconds of computing for a large market. @throws FileRefusal */
function computeMarket(
  command: MarketImport,
  { content, others, known }: MarketFiles & { readonly known: KnownTerms },
) {
  const { instruments } = known;
  const whole = withRowsOfOthers(content, others, known);
  const moment = momentOfSources(content, others, command);
  const market = consolidateMarket(whole, others, { ...moment, instruments });
  const built = assembleMarket(market.content, instruments, moment);
  requirePast(built, content.files.quotes, command.now);
  const surfaces = [...built.snapshot.underlyings.keys()].flatMap(
    (id) => buildVolatilitySurface(built.snapshot, instruments, id) ?? [],
  );
  return { built, surfaces, limits: moment.limits, notes: market.notes };
}

/** @throws FileRefusal naming every quote without terms, without a quoted underlying, or after its expiry */
function requirePlaced(content: MarketContent, terms: ReadonlyMap<string, Instrument>): void {
  const quoted = new Set(content.underlyings.map(({ value }) => value.underlyingId));
  const problems = new ImportProblems();
  const refuse = (row: TableRow<unknown>, file: string, column: string, value: string, reason: string): void =>
    problems.add({ file, line: row.line, column, value, reason });
  for (const row of content.quotes) {
    const { instrumentId } = row.value;
    const instrument = terms.get(instrumentId);
    const { quotes } = content.files;
    if (instrument === undefined) {
      refuse(row, quotes, 'instrument', instrumentId, 'no such instrument; import instruments first');
    } else if (!quoted.has(instrument.underlying)) {
      refuse(row, quotes, 'instrument', instrumentId, `its underlying ${instrument.underlying} is not quoted`);
    } else if ('expiry' in instrument && instrument.expiry <= row.value.quotedAt) {
      const reason = `quoted at ${formatInstant(row.value.quotedAt)}, after its expiry ${formatInstant(instrument.expiry)}`;
      refuse(row, quotes, 'timestamp', instrumentId, reason);
    }
  }
  for (const row of content.forwards) {
    const { underlyingId } = row.value;
    if (quoted.has(underlyingId)) continue;
    refuse(row, content.files.forwards, 'underlying', underlyingId, 'a forward of an underlying that is not quoted');
  }
  problems.refuseIfAny();
}

/** @throws FileRefusal for a market of the future */
function requirePast({ snapshot: { asOf } }: BuiltSnapshot, file: string, now: Instant): void {
  if (asOf <= now + clockSkewMs) return;
  const value = formatInstant(asOf);
  refuseFile({ file, column: 'timestamp', value, reason: `a market of the future, it is ${formatInstant(now)}` });
}

function totalsOf(content: MarketContent, built: BuiltSnapshot): Record<string, string> {
  const { snapshot, volatilitySources } = built;
  const count = (source: string) => [...volatilitySources.values()].filter((found) => found === source).length;
  const missing = count('none');
  return {
    quotes: String(snapshot.instruments.size),
    underlyings: String(snapshot.underlyings.size),
    forwards: String([...snapshot.underlyings.values()].reduce((sum, { forwards }) => sum + forwards.length, 0)),
    'volatilities quoted': String(count('quoted')),
    'volatilities implied': String(volatilitySources.size - count('quoted') - missing),
    'volatilities missing': String(missing),
    ...(content.fx.length === 0 ? {} : { 'exchange rates': String(content.fx.length) }),
  };
}

function frozenWarnings(event: BreakerEvent | null): readonly string[] {
  if (!isFrozen(event)) return [];
  return ['FEED_SUSPECT: the snapshot is kept but not evaluated on; the last believed one stays in use'];
}

function summaryOf({ underlyingId, slices, findings }: VolatilitySurface): SurfaceSummary {
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  return {
    underlying: underlyingId,
    expiries: slices.length,
    fitted: slices.filter(({ curve }) => curve.kind === 'svi').length,
    worstError: Math.max(...slices.map(({ volatilityError }) => volatilityError)),
    findings: Object.fromEntries(counts),
  };
}
