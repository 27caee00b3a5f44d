/**
 * Scenario grids on the SIMD kernel: contracts in chunks, scenarios in groups of one look-ahead.
 */
import {
  log,
  requireScenarioGrid,
  shiftVolatility,
  writeScenarioRow,
  type MarketScenario,
  type PricingBatch,
  type ScenarioGridContracts,
  type ScenarioOutcome,
} from '@ballast/pricing';
import { instantiateKernel, type KernelExports } from './kernel-module';
import { columnStride, LANES } from './kernel-rows';
import type { ResidentBatch } from './resident-batch';
import { arrangeScenarios, type ScenarioGroup } from './scenario-arrangement';

/**
 * Creates `valueScenarioGrid` on a kernel instance of its own, which is replaced by a larger one when a grid has more
 * scenarios than any before.
 *
 * @param resident  values the contracts' base prices where a loss counts from the model price
 */
export function createScenarioKernel(resident: ResidentBatch): PricingBatch['valueScenarioGrid'] {
  let workspace: GridWorkspace | undefined;
  return (contracts, scenarios, outcome, outcomes) => {
    const count = requireScenarioGrid(contracts, scenarios, outcome, outcomes);
    const groups = arrangeScenarios(scenarios);
    const levels = Math.max(1, ...groups.map((group) => group.levels.length));
    if (workspace === undefined || workspace.scenarioCapacity < scenarios.length || workspace.levelCapacity < levels) {
      workspace = createWorkspace(scenarios.length, levels);
    }
    const grid = { contracts, scenarios, outcome, outcomes, groups, workspace, resident };
    const badRows: number[] = [];
    for (let start = 0; start < count; start += CHUNK_CONTRACTS) {
      valueChunk(grid, start, Math.min(start + CHUNK_CONTRACTS, count), badRows);
    }
    return { badCount: badRows.length, badRows };
  };
}

interface Grid {
  readonly contracts: ScenarioGridContracts;
  readonly scenarios: readonly MarketScenario[];
  readonly outcome: ScenarioOutcome;
  readonly outcomes: Float64Array;
  readonly groups: readonly ScenarioGroup[];
  readonly workspace: GridWorkspace;
  readonly resident: ResidentBatch;
}

/** A kernel instance laid out for a chunk of contracts and a number of scenarios and volatility levels. */
interface GridWorkspace {
  readonly kernel: KernelExports;
  readonly scenarioCapacity: number;
  readonly levelCapacity: number;
  readonly at: Readonly<Record<'input' | 'volatility' | 'table' | 'output' | 'scratch' | 'flagged', number>>;
  readonly inputs: readonly Float64Array[];
  readonly volatilities: readonly Float64Array[];
  readonly table: DataView;
  readonly output: Float64Array;
  readonly flagged: Int32Array;
}

function createWorkspace(scenarioCapacity: number, levelCapacity: number): GridWorkspace {
  const bytes = {
    input: INPUT_COLUMNS * STRIDE,
    volatility: levelCapacity * STRIDE,
    table: Math.ceil((scenarioCapacity * SCENARIO_BYTES) / 64) * 64,
    output: CHUNK_CONTRACTS * scenarioCapacity * 8,
    scratch: levelCapacity * LEVEL_SCRATCH_BYTES,
    flagged: (CHUNK_CONTRACTS + LANES) * 4,
  };
  const kernel = instantiateKernel(Object.values(bytes).reduce((sum, part) => sum + part, 0));
  const at = { input: 0, volatility: 0, table: 0, output: 0, scratch: 0, flagged: 0 };
  let next = kernel.scratchStart();
  for (const part of Object.keys(bytes) as (keyof typeof bytes)[]) {
    at[part] = next;
    next += bytes[part];
  }
  const { buffer } = kernel.memory;
  const columns = (start: number, count: number) =>
    Array.from({ length: count }, (_, index) => new Float64Array(buffer, start + index * STRIDE, CHUNK_CONTRACTS));
  return {
    ...{ kernel, scenarioCapacity, levelCapacity, at },
    inputs: columns(at.input, INPUT_COLUMNS),
    volatilities: columns(at.volatility, levelCapacity),
    table: new DataView(buffer, at.table, bytes.table),
    output: new Float64Array(buffer, at.output, CHUNK_CONTRACTS * scenarioCapacity),
    flagged: new Int32Array(buffer, at.flagged, CHUNK_CONTRACTS + LANES),
  };
}

function valueChunk(grid: Grid, start: number, end: number, badRows: number[]): void {
  const { workspace, scenarios, outcomes, contracts, outcome } = grid;
  const count = end - start;
  fillContracts(grid, start, end);
  const left = new Set(rowsWithoutBase(grid, start, end));
  for (const group of grid.groups) {
    fillGroup(grid, group, start, end);
    for (const row of runGroup(grid, group, count)) left.add(row);
  }
  outcomes.set(workspace.output.subarray(0, count * scenarios.length), start * scenarios.length);
  const inLanes =
    grid.groups.length > 0 &&
    grid.groups.every((group) => group.scenarios.every(({ spotFactor }) => inFactorBox(spotFactor)));
  const rows = inLanes ? [...left].filter((row) => row < count).sort((a, b) => a - b) : Array(count).keys();
  for (const row of rows) {
    if (!writeScenarioRow(contracts, scenarios, outcome, outcomes, start + row)) badRows.push(start + row);
  }
}

/** The columns that all groups share; the base of a loss is the caller's or the price without shock. */
function fillContracts(grid: Grid, start: number, end: number): void {
  const { contracts, outcome, workspace, resident } = grid;
  const [spot, strike, , rate, dividendYield, right, base, orientation] = workspace.inputs as Columns;
  spot.set(contracts.spot.subarray(start, end));
  strike.set(contracts.strike.subarray(start, end));
  rate.set(contracts.rate.subarray(start, end));
  dividendYield.set(contracts.dividendYield.subarray(start, end));
  right.set(contracts.right.subarray(start, end));
  orientation.fill(outcome === 'loss' ? -1 : 1);
  if (outcome === 'price') base.fill(0);
  else if (contracts.baseValue) base.set(contracts.baseValue.subarray(start, end));
  else base.set(basePrices(resident, contracts, start, end));
}

/** Rows whose base of a loss is not a number: the lanes would carry it along unnoticed. */
function rowsWithoutBase({ contracts }: Grid, start: number, end: number): number[] {
  const base = contracts.baseValue?.subarray(start, end) ?? [];
  return Array.from(base.keys()).filter((row) => !Number.isFinite(base[row]));
}

function basePrices(resident: ResidentBatch, contracts: ScenarioGridContracts, start: number, end: number) {
  const { inputs } = resident;
  inputs.spot.set(contracts.spot.subarray(start, end));
  inputs.strike.set(contracts.strike.subarray(start, end));
  inputs.yearsToExpiry.set(contracts.yearsToExpiry.subarray(start, end));
  inputs.rate.set(contracts.rate.subarray(start, end));
  inputs.dividendYield.set(contracts.dividendYield.subarray(start, end));
  inputs.volatility.set(contracts.volatility.subarray(start, end));
  inputs.right.set(contracts.right.subarray(start, end));
  resident.computeBlackScholesPrices(end - start);
  return resident.results.price.subarray(0, end - start);
}

/** Times to expiry and shifted volatilities of a group, and its table of scenarios. */
function fillGroup(grid: Grid, group: ScenarioGroup, start: number, end: number): void {
  const { contracts, workspace } = grid;
  const years = workspace.inputs[YEARS] as Float64Array;
  for (let row = start; row < end; row++) {
    years[row - start] = Math.max(0, (contracts.yearsToExpiry[row] as number) - group.lookAheadYears);
  }
  const option = { volatility: 0, yearsToExpiry: 0 };
  group.levels.forEach((shift, level) => {
    const column = workspace.volatilities[level] as Float64Array;
    for (let row = start; row < end; row++) {
      option.volatility = contracts.volatility[row] as number;
      option.yearsToExpiry = contracts.yearsToExpiry[row] as number;
      column[row - start] = shiftVolatility(shift, option);
    }
  });
  group.scenarios.forEach(({ index, spotFactor, level }, place) => {
    const offset = place * SCENARIO_BYTES;
    workspace.table.setFloat64(offset, inFactorBox(spotFactor) ? log(spotFactor) : 0, true);
    workspace.table.setFloat64(offset + 8, spotFactor, true);
    workspace.table.setUint32(offset + 16, level, true);
    workspace.table.setUint32(offset + 20, index * 8, true);
  });
}

function runGroup({ workspace, scenarios }: Grid, group: ScenarioGroup, count: number): Int32Array {
  const { kernel, at } = workspace;
  const flagCount = kernel.scenarioGrid(
    Math.ceil(count / LANES) * LANES,
    at.input,
    STRIDE,
    group.levels.length,
    at.volatility,
    group.scenarios.length,
    at.table,
    at.output,
    scenarios.length * 8,
    at.scratch,
    at.flagged,
  );
  return workspace.flagged.subarray(0, flagCount);
}

/** Spot factors for which a shocked price of the box is still a normal number far from under- and overflow. */
function inFactorBox(spotFactor: number): boolean {
  return spotFactor >= 1e-3 && spotFactor <= 1e3;
}

type Columns = [
  spot: Float64Array,
  strike: Float64Array,
  years: Float64Array,
  rate: Float64Array,
  dividendYield: Float64Array,
  right: Float64Array,
  base: Float64Array,
  orientation: Float64Array,
];

/** 256 contracts of 16 scenarios fit the first two cache levels. */
export const CHUNK_CONTRACTS = 256;
const STRIDE = columnStride(CHUNK_CONTRACTS);
const INPUT_COLUMNS = 8;
const YEARS = 2;
const SCENARIO_BYTES = 24;
const LEVEL_SCRATCH_BYTES = 2048;
