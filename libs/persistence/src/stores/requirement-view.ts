import type { DataQuality, Decimal, Instant, Methodology, Money } from '@ballast/domain';
import type { ScenarioLoss } from '@ballast/margin';
import type { BufferStatus } from '../buffer-status';
import { decimalOrNull, instantFromText, RecordedMoney } from '../row-values';
import type { StoredRequirement } from './stored-requirement';

/** What is selected, from `requirements r`, by the name under which it is read. */
const expressions = {
  accountId: 'r.account_id',
  asOf: '(extract(epoch FROM r.as_of) * 1000)::bigint',
  runId: 'r.run_id',
  knownAt: '(extract(epoch FROM r.known_at) * 1000)::bigint',
  methodology: 'r.methodology',
  parameterSetId: 'r.parameter_set_id',
  currency: 'r.currency',
  initialRequirement: 'r.initial_requirement',
  maintenanceRequirement: 'r.maintenance_requirement',
  netOptionValue: 'r.net_option_value',
  equity: 'r.equity',
  collateralValue: 'r.collateral_value',
  buffer: 'r.buffer',
  bufferRatio: 'r.buffer_ratio',
  excess: 'r.excess',
  status: 'r.status',
  computedStatus: 'coalesce(r.computed_status, r.status)',
  leverage: 'r.leverage',
  quality: 'r.quality',
  qualityReasons: 'to_json(r.quality_reasons)',
  warnings: 'to_json(r.warnings)',
  worstScenario: 'r.worst_scenario',
  engineVersion: 'r.engine_version',
  parameterHash: "encode(r.parameter_hash, 'hex')",
  snapshotHash: "encode(r.snapshot_hash, 'hex')",
  inputHash: "encode(r.input_hash, 'hex')",
  resultHash: "encode(r.result_hash, 'hex')",
  previousStatus: 'r.previous_status',
} as const;

type Column = keyof typeof expressions;

const place = Object.fromEntries(Object.keys(expressions).map((name, index) => [name, index])) as Record<
  Column,
  number
>;

/** What to select from `requirements r` for `RequirementView`, as texts. */
export const requirementViewColumns = Object.values(expressions).join(', ');

/**
 * A stored requirement over the texts of its row: nothing is parsed before somebody reads it, so a list that shows four
 * amounts of fifty rows pays for two hundred values and not for twelve hundred. Reads like a StoredRequirement; do not
 * spread it, its values are getters.
 */
export class RequirementView implements StoredRequirement {
  private ratio: Decimal | null | undefined;
  private worst: ScenarioLoss | null | undefined;
  private readonly known: Instant;

  constructor(private readonly row: readonly (string | null)[]) {
    this.known = instantFromText(this.text('knownAt'));
  }

  get id(): string {
    return `${this.runId}.${this.accountId}`;
  }
  get accountId(): string {
    return this.text('accountId');
  }
  get asOf(): Instant {
    return instantFromText(this.text('asOf'));
  }
  get runId(): string {
    return this.text('runId');
  }
  get knownAt(): Instant {
    return this.known;
  }
  get methodology(): Methodology {
    return this.text('methodology') as Methodology;
  }
  get parameterSetId(): string {
    return this.text('parameterSetId');
  }
  get currency(): string {
    return this.text('currency');
  }
  get initialRequirement(): Money | null {
    return this.money('initialRequirement');
  }
  get maintenanceRequirement(): Money | null {
    return this.money('maintenanceRequirement');
  }
  get netOptionValue(): Money | null {
    return this.money('netOptionValue');
  }
  get equity(): Money | null {
    return this.money('equity');
  }
  get collateralValue(): Money | null {
    return this.money('collateralValue');
  }
  get buffer(): Money | null {
    return this.money('buffer');
  }
  get bufferRatio(): Decimal | null {
    return (this.ratio ??= decimalOrNull(this.row[place.bufferRatio] ?? null));
  }
  get excess(): Money | null {
    return this.money('excess');
  }
  get status(): BufferStatus {
    return this.text('status') as BufferStatus;
  }
  get computedStatus(): BufferStatus {
    return this.text('computedStatus') as BufferStatus;
  }
  get leverage(): Decimal | null {
    return decimalOrNull(this.row[place.leverage] ?? null);
  }
  get quality(): DataQuality {
    return this.text('quality') as DataQuality;
  }
  get qualityReasons(): readonly string[] {
    return JSON.parse(this.text('qualityReasons')) as string[];
  }
  get warnings(): readonly string[] {
    return JSON.parse(this.text('warnings')) as string[];
  }
  get worstScenario(): ScenarioLoss | null {
    return (this.worst ??= JSON.parse(this.row[place.worstScenario] ?? 'null') as ScenarioLoss | null);
  }
  get engineVersion(): string {
    return this.text('engineVersion');
  }
  get parameterHash(): string {
    return this.text('parameterHash');
  }
  get snapshotHash(): string {
    return this.text('snapshotHash');
  }
  get inputHash(): string {
    return this.text('inputHash');
  }
  get resultHash(): string {
    return this.text('resultHash');
  }
  get previousStatus(): BufferStatus | null {
    return (this.row[place.previousStatus] ?? null) as BufferStatus | null;
  }

  private text(column: Column): string {
    return this.row[place[column]] as string;
  }

  private money(column: Column): Money | null {
    const digits = this.row[place[column]] ?? null;
    return digits === null ? null : new RecordedMoney(digits, this.text('currency'));
  }
}
