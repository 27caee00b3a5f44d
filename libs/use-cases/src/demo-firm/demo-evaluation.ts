import { defaultBufferPolicy, type BufferStatus } from '@ballast/buffer';
import type { Instrument, MarketSnapshot } from '@ballast/domain';
import { newId, type AccountResult } from '@ballast/persistence';
import { evaluateAccount } from '../run/evaluate-account';
import type { DemoFirmBook } from './demo-firm-book';

/** A day of the history that is ready to be written. */
export interface EvaluatedDay {
  readonly snapshot: MarketSnapshot;
  readonly results: readonly AccountResult[];
  readonly runId: string;
  /** Whether breakdown, contributions and lines of the equity are stored, or computed again when somebody asks. */
  readonly explained: boolean;
}

/** Runs of the newest days keep their explanations, as runs in one piece do; those before keep figures, as large runs do. */
const explainedDays = 5;

/** The days of a firm in their order, evaluated when they are asked for or ahead of it. */
export interface DemoEvaluation {
  /** Evaluates one more day and keeps it. @returns whether there was one */
  readonly advance: () => boolean;
  /** The next day; undefined after the last. */
  readonly next: () => EvaluatedDay | undefined;
}

/** Evaluates the history of a firm day by day; needs nothing but the book. */
export function demoEvaluation(book: DemoFirmBook): DemoEvaluation {
  const days = evaluatedDays(book);
  const ahead: EvaluatedDay[] = [];
  return {
    advance: () => {
      const day = days.next();
      if (day.done !== true) ahead.push(day.value);
      return day.done !== true;
    },
    next: () => {
      const kept = ahead.shift();
      if (kept !== undefined) return kept;
      const day = days.next();
      return day.done === true ? undefined : day.value;
    },
  };
}

function* evaluatedDays(book: DemoFirmBook): Generator<EvaluatedDay, undefined> {
  const instruments = new Map(book.instruments.map((instrument) => [instrument.id, instrument]));
  // In order of the identifier, as every run reads them: the order is part of the input that is hashed.
  const listedFutures = book.instruments
    .filter(({ type }) => type === 'future')
    .sort(({ id: left }, { id: right }) => (left < right ? -1 : 1));
  const previous = new Map<string, BufferStatus>();
  for (let day = 0; day < book.closes.length; day += 1) {
    yield evaluateDay({ book, instruments, listedFutures, previous, day });
  }
  return undefined;
}

interface DemoDay {
  readonly book: DemoFirmBook;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly listedFutures: readonly Instrument[];
  /** Status of each account the day before; written by the day. */
  readonly previous: Map<string, BufferStatus>;
  readonly day: number;
}

function evaluateDay(input: DemoDay): EvaluatedDay {
  const { book, instruments, listedFutures, previous, day } = input;
  const snapshot = book.snapshotOf(day);
  const { asOf } = snapshot;
  const policy = defaultBufferPolicy(asOf);
  const explained = day >= book.closes.length - explainedDays;
  const market = { instruments, listedFutures, schedules: new Map(), asOf, snapshot, policy, unexplained: !explained };
  const results = book.accounts.map(({ account, holdings: byDay }) => {
    const inEffect = book.parameters.get(account.methodology)?.method;
    const holdings = byDay[day];
    if (inEffect === undefined || holdings === undefined)
      throw new Error(`account ${account.code} was not drawn whole`);
    const result = evaluateAccount({
      ...market,
      account,
      holdings,
      inEffect,
      previousStatus: previous.get(account.id),
    });
    previous.set(account.id, result.status);
    return explained ? result : withoutExplanation(result);
  });
  return { snapshot, results, runId: newId(), explained };
}

/** The figures of a result alone: what explains them holds on to the contracts and scenarios of the whole book. */
function withoutExplanation(result: AccountResult): AccountResult {
  const { requirement } = result;
  return {
    accountId: result.accountId,
    baseCurrency: result.baseCurrency,
    equity: result.equity,
    collateralValue: result.collateralValue,
    buffer: result.buffer,
    bufferRatio: result.bufferRatio,
    excess: result.excess,
    status: result.status,
    computedStatus: result.computedStatus,
    leverage: result.leverage,
    quality: result.quality,
    qualityReasons: result.qualityReasons,
    previousStatus: result.previousStatus ?? null,
    parameterSetId: result.parameterSetId,
    parameterHash: result.parameterHash,
    inputHash: result.inputHash,
    ...(result.figures === undefined ? {} : { figures: result.figures }),
    resultHash: result.resultHash,
    equityComponents: [],
    collateral: [],
    requirement: {
      methodology: requirement.methodology,
      quality: requirement.quality,
      qualityReasons: requirement.qualityReasons,
      initialRequirement: requirement.initialRequirement,
      maintenanceRequirement: requirement.maintenanceRequirement,
      netOptionValue: requirement.netOptionValue,
      model: null,
      worstScenario: requirement.worstScenario,
      scenarios: [],
      breakdown: [],
      contributions: [],
      greeks: [],
      warnings: requirement.warnings,
    },
  };
}
