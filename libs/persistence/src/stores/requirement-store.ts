import type { CollateralLine, EquityComponent } from '@ballast/buffer';
import { type DataQuality, Decimal, type Instant, type Methodology, type Money } from '@ballast/domain';
import type {
  BreakdownNode,
  ModelFigures,
  PositionContribution,
  ScenarioLoss,
  UnderlyingGreeks,
} from '@ballast/margin';
import { Injectable } from '@nestjs/common';
import type { BufferStatus } from '../buffer-status';
import { Database } from '../database';
import { decimalOrNull, distinctUuids, instantFrom, instantFromText, moneyOrNull, toTimestamp } from '../row-values';
import { RecentRecords } from '../recent-records';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import { findHolds } from './held-requirement-store';
import type { RequirementKey } from './requirement-key';
import { RequirementView, requirementViewColumns } from './requirement-view';
import type { RequirementDetail, StoredRequirement } from './stored-requirement';
import { knownBy } from './known-time';
import { cameBefore, type LatestMoment, latestQuery } from './latest-requirement-query';

const figureColumns =
  'account_id, as_of, run_id, known_at, methodology, parameter_set_id, currency, initial_requirement, maintenance_requirement, ' +
  'net_option_value, equity, collateral_value, buffer, buffer_ratio, excess, status, computed_status, leverage, quality, quality_reasons, warnings, ' +
  'worst_scenario, engine_version, parameter_hash, snapshot_hash, input_hash, result_hash, previous_status';

interface FigureRow {
  readonly account_id: string;
  readonly as_of: Date;
  readonly run_id: string;
  readonly known_at: Date;
  readonly methodology: Methodology;
  readonly parameter_set_id: string;
  readonly currency: string;
  readonly initial_requirement: string | null;
  readonly maintenance_requirement: string | null;
  readonly net_option_value: string | null;
  readonly equity: string | null;
  readonly collateral_value: string | null;
  readonly buffer: string | null;
  readonly buffer_ratio: string | null;
  readonly excess: string | null;
  readonly status: BufferStatus;
  readonly computed_status: BufferStatus | null;
  readonly leverage: string | null;
  readonly quality: DataQuality;
  readonly quality_reasons: string[];
  readonly warnings: string[];
  readonly worst_scenario: ScenarioLoss | null;
  readonly engine_version: string;
  readonly parameter_hash: Buffer;
  readonly snapshot_hash: Buffer;
  readonly input_hash: Buffer;
  readonly result_hash: Buffer;
  readonly previous_status: BufferStatus | null;
}

type StatusRow = Pick<FigureRow, 'account_id' | 'as_of' | 'run_id' | 'status' | 'quality'>;

interface DetailRow {
  readonly account_id: string;
  readonly run_id: string;
  readonly model: ModelFigures | null;
  readonly scenarios: ScenarioLoss[];
  readonly breakdown: Written<BreakdownNode>[];
  readonly contributions: PositionContribution[];
  readonly greeks: UnderlyingGreeks[];
  readonly equity_components: Written<EquityComponent>[];
  readonly collateral: Written<CollateralLine>[];
}

/** An amount as the engine's JSON has it. */
interface WrittenMoney {
  readonly amount: string;
  readonly currency: string;
}

type Written<Line> = {
  readonly [Key in keyof Line]: Line[Key] extends Money ? WrittenMoney : Line[Key] extends Decimal ? string : Line[Key];
};

/** Requirements of completed runs. They are committed together with their run's completion, so none is ever half there. */
@Injectable()
export class RequirementStore {
  /** Rows that were read lately; a requirement is written once and never again. */
  private readonly recent = new RecentRecords<RequirementView>(recentMaximum);
  /** The same by the key object, where a reader keeps it with the row that named it. */
  private readonly ofKeys = new WeakMap<RequirementKey, RequirementView>();

  constructor(private readonly database: Database) {}

  /**
   * The latest requirement of each account at or before `asOf`, as known at `knownAt` (default: now); of several for one
   * time the one known last. An account without any is absent.
   *
   * @param at.beforePositionsAt  of those for `asOf` itself only runs whose positions were of an earlier time: what a
   *                              repeated run of a past instant replaces did not come before it
   */
  async findLatest(
    scope: TenantScope,
    accountIds: readonly string[],
    at: LatestMoment = {},
  ): Promise<Map<string, StoredRequirement>> {
    const known = distinctUuids(accountIds);
    if (known.length === 0) return new Map();
    const { sql, parameters } = latestQuery(figureColumns, known, at);
    const found = await this.database.withTenant(scope, async (tx) =>
      composeHolds(tx, (await tx.rows<FigureRow>(sql, parameters)).map(toRequirement), at.knownAt),
    );
    return new Map(found.map((requirement) => [requirement.accountId, requirement]));
  }

  /** Statuses of the requirements that findLatest finds; a confirmed one has its own. */
  async findLatestStatuses(
    scope: TenantScope,
    accountIds: readonly string[],
    at: LatestMoment,
  ): Promise<Map<string, BufferStatus>> {
    const { sql, parameters } = latestQuery('account_id, as_of, run_id, status, quality', accountIds, at);
    // The text of the statement says which of its moments are stated.
    const plan = `latest statuses ${parameters.length} ${at.knownAt === undefined ? 'now' : 'then'}`;
    const found = await this.database.withTenant(scope, async (tx) =>
      composeHolds(tx, (await tx.rows<StatusRow>(sql, parameters, plan)).map(toStatus), at.knownAt),
    );
    return new Map(found.map(({ accountId, status }) => [accountId, status]));
  }

  /**
   * The newest requirements of accounts, for showing: over the texts of their rows, parsed as far as they are read. The rows
   * never change, so those that were read lately are not read again.
   *
   * @param keys  their keys, as a statement of this transaction found them under row level security: that is what says that
   *              the caller may see them, and that no newer ones are there
   */
  async findNewest(scope: TenantScope, keys: readonly RequirementKey[]): Promise<Map<string, StoredRequirement>> {
    if (keys.length === 0) return new Map();
    const found = new Map<string, StoredRequirement>();
    const missing = new Set<string>();
    for (const key of keys) {
      const view = this.ofKeys.get(key) ?? this.recent.get(recentKey(scope.firmId, key));
      if (view === undefined) missing.add(key.accountId);
      else {
        this.ofKeys.set(key, view);
        found.set(key.accountId, view);
      }
    }
    const views = [...found.values()];
    const isHeld = ({ quality }: StoredRequirement): boolean => quality === 'HELD';
    if (missing.size === 0 && !views.some(isHeld)) return found;
    return this.database.withTenant(scope, async (tx) => {
      for (const row of missing.size === 0 ? [] : await tx.texts(newestQuery, [[...missing]], 'newest-requirements')) {
        const view = new RequirementView(row);
        this.recent.set(recentKey(tx.firmId, view), view);
        found.set(view.accountId, view);
      }
      const held = [...found.values()].filter(isHeld).map(({ accountId }) => accountId);
      for (const [accountId, composed] of await this.findLatest(tx, held)) found.set(accountId, composed);
      return found;
    });
  }

  /** Keys of the newest requirements of accounts; an account without any is absent. */
  async findNewestKeys(scope: TenantScope, accountIds: readonly string[]): Promise<readonly RequirementKey[]> {
    const known = accountIds.filter(isUuid);
    if (known.length === 0) return [];
    const rows = await this.database.withTenant(scope, (tx) => tx.texts(newestKeysQuery, [known], 'newest-keys'));
    return rows.map(([accountId, asOf, runId]) => ({
      accountId: accountId as string,
      asOf: instantFromText(asOf as string),
      runId: runId as string,
    }));
  }

  /** Stored scenario vectors of requirements, by requirement id; absent where the explanation is not stored. */
  async findScenarios(
    scope: TenantScope,
    keys: readonly RequirementKey[],
  ): Promise<Map<string, readonly ScenarioLoss[]>> {
    const rows = await this.database.withTenant(scope, (tx) => tx.texts(scenariosQuery, keyColumns(keys), 'scenarios'));
    return new Map(
      rows.map(([accountId, runId, text]) => [
        requirementId(runId as string, accountId as string),
        JSON.parse(text as string) as readonly ScenarioLoss[],
      ]),
    );
  }

  /**
   * The status of each account's last requirement with figures before a run at `asOf`, as known at `knownAt`: where the
   * hysteresis of the ladder starts after a gap. INDETERMINATE ones are passed over; an account without any is absent.
   */
  async findDeterminateStatuses(
    scope: TenantScope,
    accountIds: readonly string[],
    at: { readonly asOf: Instant; readonly knownAt: Instant; readonly beforePositionsAt: Instant },
  ): Promise<Map<string, BufferStatus>> {
    const known = [...new Set(accountIds.filter(isUuid))];
    if (known.length === 0) return new Map();
    const sql = `
      SELECT wanted.account_id, latest.status FROM unnest($1::uuid[]) AS wanted (account_id) CROSS JOIN LATERAL (
        SELECT status FROM requirements r WHERE r.account_id = wanted.account_id AND r.as_of <= $2::timestamptz
          AND ${knownBy('r.known_at', '$3')} AND r.quality <> 'INDETERMINATE' AND ${cameBefore(2, 4)}
        ORDER BY r.as_of DESC, r.known_at DESC, r.run_id DESC LIMIT 1) AS latest`;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ account_id: string; status: BufferStatus }>(sql, [
        known,
        toTimestamp(at.asOf),
        toTimestamp(at.knownAt),
        toTimestamp(at.beforePositionsAt),
      ]),
    );
    return new Map(rows.map((row) => [row.account_id, row.status]));
  }

  /** Requirements of a run, of all its accounts or only of these, in order of the account. */
  async findByRun(scope: TenantScope, runId: string, accountIds?: readonly string[]): Promise<StoredRequirement[]> {
    if (!isUuid(runId)) return [];
    const sql = `SELECT ${figureColumns} FROM requirements
      WHERE run_id = $1 AND ($2::uuid[] IS NULL OR account_id = ANY ($2)) ORDER BY account_id`;
    return this.database.withTenant(scope, async (tx) =>
      composeHolds(tx, (await tx.rows<FigureRow>(sql, [runId, accountIds ?? null])).map(toRequirement)),
    );
  }

  /**
   * Requirements of a run as they were written, without the confirmations that came later; in order of the account.
   *
   * @param page.after  account id after which the page begins
   */
  async findWritten(
    scope: TenantScope,
    run: { readonly id: string; readonly asOf: Instant },
    page: {
      readonly first: number;
      readonly after?: string | null;
      readonly accountIds?: readonly string[] | undefined;
    },
  ): Promise<StoredRequirement[]> {
    const { after = null, accountIds = null } = page;
    const sql = `SELECT ${figureColumns} FROM requirements WHERE run_id = $1 AND as_of = $2
      AND ($3::uuid IS NULL OR account_id > $3) AND ($4::uuid[] IS NULL OR account_id = ANY ($4)) ORDER BY account_id LIMIT ${page.first}`;
    const parameters = [run.id, toTimestamp(run.asOf), after, accountIds];
    return (await this.database.withTenant(scope, (tx) => tx.rows<FigureRow>(sql, parameters))).map(toRequirement);
  }

  /** Stored explanations of many requirements at once, by requirement id; one that is recomputed when asked for is absent. */
  async findDetails(scope: TenantScope, keys: readonly RequirementKey[]): Promise<Map<string, RequirementDetail>> {
    if (keys.length === 0) return new Map();
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<DetailRow>(
        `SELECT r.account_id, r.run_id, model, scenarios, breakdown, contributions, greeks, equity_components, collateral
         FROM ${wantedKeys}
         JOIN requirements r ON r.account_id = wanted.account_id AND r.as_of = wanted.as_of AND r.run_id = wanted.run_id
         WHERE r.breakdown IS NOT NULL`,
        keyColumns(keys),
        'requirement-details',
      ),
    );
    return new Map(rows.map((row) => [requirementId(row.run_id, row.account_id), toDetail(row)]));
  }

  /** Figures of many requirements as the bytes their result hash covers, by requirement id; absent where none are kept. */
  async findFigures(scope: TenantScope, keys: readonly RequirementKey[]): Promise<Map<string, Uint8Array>> {
    if (keys.length === 0) return new Map();
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ account_id: string; run_id: string; figures: Buffer }>(
        `SELECT r.account_id, r.run_id, r.figures FROM ${wantedKeys}
         JOIN requirements r ON r.account_id = wanted.account_id AND r.as_of = wanted.as_of AND r.run_id = wanted.run_id
         WHERE r.figures IS NOT NULL`,
        keyColumns(keys),
      ),
    );
    return new Map(rows.map((row) => [requirementId(row.run_id, row.account_id), row.figures]));
  }
}

const wantedKeys = 'unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) AS wanted (account_id, as_of, run_id)';

function keyColumns(keys: readonly RequirementKey[]): readonly (readonly string[])[] {
  return [keys.map((key) => key.accountId), keys.map((key) => toTimestamp(key.asOf)), keys.map((key) => key.runId)];
}

function recentKey(firmId: string, { accountId, asOf, runId }: RequirementKey): string {
  return `${firmId} ${accountId} ${asOf} ${runId}`;
}

/** Rows kept: about 10 MB. */
const recentMaximum = 5_000;

const newestKeysQuery = `SELECT l.account_id, (extract(epoch FROM l.at) * 1000)::bigint, l.run_id
  FROM latest_buffers l WHERE l.account_id = ANY ($1::uuid[])`;

const scenariosQuery = `SELECT r.account_id, r.run_id, r.scenarios
  FROM ${wantedKeys}
  JOIN requirements r ON r.account_id = wanted.account_id AND r.as_of = wanted.as_of AND r.run_id = wanted.run_id
  WHERE r.breakdown IS NOT NULL`;

const newestQuery = `SELECT ${requirementViewColumns} FROM latest_buffers l JOIN requirements r
  ON r.firm_id = l.firm_id AND r.account_id = l.account_id AND r.as_of = l.at AND r.run_id = l.run_id
  WHERE l.account_id = ANY ($1::uuid[])`;

/** A requirement as far as holds are laid over it. */
type RequirementStatus = Pick<StoredRequirement, 'id' | 'accountId' | 'asOf' | 'runId' | 'status' | 'quality' | 'hold'>;

/** Lays confirmations over held requirements: a confirmed one takes its own status and quality. */
async function composeHolds<Held extends RequirementStatus>(
  tx: TenantTransaction,
  requirements: Held[],
  knownAt?: Instant,
): Promise<Held[]> {
  const held = requirements.filter(({ quality }) => quality === 'HELD');
  if (held.length === 0) return requirements;
  const holds = await findHolds(tx, held, knownAt);
  return requirements.map((requirement) => {
    const hold = holds.get(requirement.id);
    if (hold === undefined) return requirement;
    if (hold.confirmation === null) return { ...requirement, hold };
    return { ...requirement, hold, status: hold.statusOnRelease, quality: hold.qualityOnRelease };
  });
}

function toStatus(row: StatusRow): RequirementStatus {
  const { account_id: accountId, run_id: runId, status, quality } = row;
  return { id: requirementId(runId, accountId), accountId, runId, asOf: instantFrom(row.as_of), status, quality };
}

function requirementId(runId: string, accountId: string): string {
  return `${runId}.${accountId}`;
}

function toRequirement(row: FigureRow): StoredRequirement {
  const { currency } = row;
  return {
    id: requirementId(row.run_id, row.account_id),
    accountId: row.account_id,
    asOf: instantFrom(row.as_of),
    runId: row.run_id,
    knownAt: instantFrom(row.known_at),
    methodology: row.methodology,
    parameterSetId: row.parameter_set_id,
    currency,
    initialRequirement: moneyOrNull(row.initial_requirement, currency),
    maintenanceRequirement: moneyOrNull(row.maintenance_requirement, currency),
    netOptionValue: moneyOrNull(row.net_option_value, currency),
    equity: moneyOrNull(row.equity, currency),
    collateralValue: moneyOrNull(row.collateral_value, currency),
    buffer: moneyOrNull(row.buffer, currency),
    bufferRatio: decimalOrNull(row.buffer_ratio),
    excess: moneyOrNull(row.excess, currency),
    status: row.status,
    computedStatus: row.computed_status ?? row.status,
    leverage: decimalOrNull(row.leverage),
    quality: row.quality,
    qualityReasons: row.quality_reasons,
    warnings: row.warnings,
    worstScenario: row.worst_scenario,
    engineVersion: row.engine_version,
    parameterHash: row.parameter_hash.toString('hex'),
    snapshotHash: row.snapshot_hash.toString('hex'),
    inputHash: row.input_hash.toString('hex'),
    resultHash: row.result_hash.toString('hex'),
    previousStatus: row.previous_status,
  };
}

function toDetail(row: DetailRow): RequirementDetail {
  return {
    model: row.model,
    scenarios: row.scenarios,
    breakdown: row.breakdown.map((node) => ({ ...node, amount: moneyOf(node.amount) })),
    contributions: row.contributions,
    greeks: row.greeks,
    equityComponents: row.equity_components.map((line) => ({
      ...line,
      grossAmount: moneyOf(line.grossAmount),
      amount: moneyOf(line.amount),
    })),
    collateral: row.collateral.map((line) => ({
      ...line,
      quantity: new Decimal(line.quantity),
      price: new Decimal(line.price),
      grossValue: moneyOf(line.grossValue),
      valueAfterHaircut: moneyOf(line.valueAfterHaircut),
      valueAfterFx: moneyOf(line.valueAfterFx),
      concentrationExcess: moneyOf(line.concentrationExcess),
      netValue: moneyOf(line.netValue),
    })),
  };
}

function moneyOf({ amount, currency }: WrittenMoney): Money {
  return { amount: new Decimal(amount), currency };
}
