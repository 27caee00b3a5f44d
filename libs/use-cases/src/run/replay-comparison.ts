import { canonicalJson, Decimal } from '@ballast/domain';
import { decodeRequirementFigures } from '@ballast/margin';
import type { AccountResult, RequirementDetail, StoredRequirement } from '@ballast/persistence';
import { hashResultAsText } from './result-hash';

/** A figure that the stored inputs do not give again. */
export interface ReplayDifference {
  /** Code of the account; null for the run itself. */
  readonly account: string | null;
  readonly field: string;
  readonly stored: string;
  readonly replayed: string;
}

/** Everything a run wrote about one account. */
export interface WrittenResult {
  readonly stored: StoredRequirement;
  /** Its explanation, where that was stored. */
  readonly detail: RequirementDetail | undefined;
  /** Its figures as bytes; absent in rows of earlier versions. */
  readonly figures: Uint8Array | undefined;
}

/** What one account gives today. */
export interface ReplayedResult {
  readonly code: string;
  readonly result: AccountResult;
  /** Hash of the market as it is read today. */
  readonly snapshotHash: string;
}

type Figures = Readonly<Record<string, unknown>>;

const textShown = 200;
const ratioDecimals = 12;

/** The result hash as the version that wrote the row defined it. */
export function replayedHash(result: AccountResult, figures: Uint8Array | undefined): string {
  return figures === undefined ? hashResultAsText(result) : result.resultHash;
}

/** Compares every figure, the explanation where it was stored, and the hashes, bit for bit. */
export function compareResults(
  { stored, detail, figures }: WrittenResult,
  { code, result, snapshotHash }: ReplayedResult,
): readonly ReplayDifference[] {
  const resultHash = replayedHash(result, figures);
  const differences = compareFigures(code, storedFigures(stored), {
    ...replayedFigures(result),
    snapshotHash,
    resultHash,
  });
  if (detail !== undefined) differences.push(...compareFigures(code, { ...detail }, explanationOf(result)));
  if (figures !== undefined && (result.figures === undefined || Buffer.compare(figures, result.figures) !== 0))
    differences.push(...compareFigures(code, figuresIn(figures), figuresIn(result.figures)));
  return differences;
}

/** Compares values of the same names. @param account  code; null for the run itself */
export function compareFigures(account: string | null, stored: Figures, replayed: Figures): ReplayDifference[] {
  const differences: ReplayDifference[] = [];
  for (const field of Object.keys(stored))
    if (!isSame(stored[field], replayed[field]))
      differences.push({ account, field, stored: shown(stored[field]), replayed: shown(replayed[field]) });
  return differences;
}

/** What the run wrote, by field. */
function storedFigures(stored: StoredRequirement): Figures {
  return {
    initialRequirement: stored.initialRequirement,
    maintenanceRequirement: stored.maintenanceRequirement,
    netOptionValue: stored.netOptionValue,
    equity: stored.equity,
    collateralValue: stored.collateralValue,
    buffer: stored.buffer,
    excess: stored.excess,
    bufferRatio: stored.bufferRatio,
    leverage: stored.leverage,
    methodology: stored.methodology,
    parameterSetId: stored.parameterSetId,
    status: stored.status,
    computedStatus: stored.computedStatus,
    quality: stored.quality,
    qualityReasons: stored.qualityReasons,
    warnings: stored.warnings,
    worstScenario: stored.worstScenario,
    parameterHash: stored.parameterHash,
    snapshotHash: stored.snapshotHash,
    inputHash: stored.inputHash,
    resultHash: stored.resultHash,
  };
}

/** What a result stores: nothing of a figure on which nobody may rely. */
function replayedFigures(result: AccountResult): Figures {
  const { requirement } = result;
  const isKnown = result.quality !== 'INDETERMINATE';
  const known = <Value>(value: Value): Value | null => (isKnown ? value : null);
  return {
    initialRequirement: known(requirement.initialRequirement),
    maintenanceRequirement: known(requirement.maintenanceRequirement),
    netOptionValue: known(requirement.netOptionValue),
    equity: known(result.equity),
    collateralValue: known(result.collateralValue),
    buffer: known(result.buffer),
    excess: known(result.excess),
    bufferRatio: known(result.bufferRatio?.toDecimalPlaces(ratioDecimals, Decimal.ROUND_FLOOR) ?? null),
    leverage: known(result.leverage),
    methodology: requirement.methodology,
    parameterSetId: result.parameterSetId,
    status: result.status,
    computedStatus: result.computedStatus,
    quality: result.quality,
    qualityReasons: result.qualityReasons,
    warnings: requirement.warnings,
    worstScenario: requirement.worstScenario,
    parameterHash: result.parameterHash,
    inputHash: result.inputHash,
  };
}

function explanationOf(result: AccountResult): Figures {
  const { model, scenarios, breakdown, contributions, greeks } = result.requirement;
  const isUnknown = result.quality === 'INDETERMINATE';
  return {
    ...{ model, scenarios, breakdown, contributions, greeks },
    equityComponents: isUnknown ? [] : result.equityComponents,
    collateral: isUnknown ? [] : result.collateral,
  };
}

/** Figures kept as bytes, by field. */
function figuresIn(bytes: Uint8Array | undefined): Figures {
  if (bytes === undefined) return {};
  const { model, losses, greeks } = decodeRequirementFigures(bytes);
  return { model, scenarioLosses: losses, greeks };
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left === 'string' && typeof right === 'string') return false;
  return text(left) === text(right);
}

function shown(value: unknown): string {
  return text(value).slice(0, textShown);
}

function text(value: unknown): string {
  return canonicalJson(value ?? null);
}
