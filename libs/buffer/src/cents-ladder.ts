import { Decimal } from '@ballast/domain';
import type { BufferPolicy } from './buffer-policy';
import type { BufferStatus } from './buffer-status';
import type { FirmControls } from './firm-controls';

/** Multiples of a policy as whole millionths. */
export interface CentsLadder {
  readonly liquidation: number;
  readonly call: number;
  readonly watch: number;
  readonly release: number;
}

const million = 1_000_000;

/** The ladder of a policy in whole millionths; null where a multiple is no whole number of them. */
export function centsLadderOf(policy: BufferPolicy): CentsLadder | null {
  const liquidation = millionths(policy.liquidationMultiple);
  const call = millionths(policy.callMultiple);
  const watch = millionths(policy.watchMultiple);
  const release = millionths(policy.releaseMultiple);
  if (liquidation === null || call === null || watch === null || release === null) return null;
  return { liquidation, call, watch, release };
}

function millionths(value: number): number | null {
  const units = new Decimal(value).times(million);
  return units.isInteger() && units.abs().lessThan(Number.MAX_SAFE_INTEGER) ? units.toNumber() : null;
}

/** What holdAgainst finds, in whole units. */
export interface HeldCents {
  readonly status: BufferStatus;
  /** [cents] */
  readonly buffer: number;
  /** [cents] */
  readonly excess: number;
  /** [millionths]; null when maintenance is 0. */
  readonly ratio: number | null;
}

/**
 * Holds equity against a requirement as holdAgainst does for data of quality OK without an overdue call, by arithmetic of
 * whole numbers: the same figures.
 *
 * @param input.equity  [cents], likewise `initial` and `maintenance`
 * @returns null where a product is too large for a float to hold exactly, and for a maintenance below 0
 */
export function holdCents(input: {
  readonly equity: number;
  readonly initial: number;
  readonly maintenance: number;
  readonly ladder: CentsLadder;
  readonly previousStatus: BufferStatus | undefined;
}): HeldCents | null {
  const { equity, initial, maintenance, ladder, previousStatus } = input;
  const scaled = equity * million;
  const largest = Math.max(Math.abs(scaled), Math.abs(maintenance) * Math.max(ladder.release, ladder.watch, million));
  const buffer = equity - maintenance;
  if (!Number.isSafeInteger(largest) || !Number.isSafeInteger(Math.abs(buffer) * million)) return null;
  if (maintenance < 0) return null;
  const excess = equity - initial;
  if (maintenance === 0) return { status: equity < 0 ? 'LIQUIDATION' : 'HEALTHY', buffer, excess, ratio: null };
  const ratio = floorOf(buffer * million, maintenance);
  return { status: rungOf(scaled, maintenance, { ladder, previousStatus }), buffer, excess, ratio };
}

/** decideBufferStatus on whole numbers. @param scaled  equity [millionths of a cent] */
function rungOf(
  scaled: number,
  maintenance: number,
  { ladder, previousStatus }: { readonly ladder: CentsLadder; readonly previousStatus: BufferStatus | undefined },
): BufferStatus {
  if (scaled < maintenance * ladder.liquidation) return 'LIQUIDATION';
  const isReleased = scaled > maintenance * ladder.release;
  const isCalled = previousStatus === 'MARGIN_CALL' || previousStatus === 'LIQUIDATION';
  if (scaled < maintenance * ladder.call || (isCalled && !isReleased)) return 'MARGIN_CALL';
  if (scaled < maintenance * ladder.watch || (previousStatus === 'WATCH' && !isReleased)) return 'WATCH';
  return 'HEALTHY';
}

/**
 * Leverage as leverageOf gives it [ten-thousandths]: gross exposure / equity, rounded up to four decimals.
 *
 * @param exposure  [1e-6 of the currency], a whole number ≥ 0
 * @param equity    [cents]
 * @returns null when equity ≤ 0
 */
export function leverageOfCents(exposure: number, equity: number): number | null {
  if (equity <= 0) return null;
  const below = floorOf(exposure, equity);
  return below * equity === exposure ? below : below + 1;
}

/** Largest whole number not above a quotient of safe whole numbers, the divisor > 0. */
function floorOf(dividend: number, divisor: number): number {
  // The quotient is rounded before it is cut, so it may be one off.
  const quotient = Math.floor(dividend / divisor);
  const rest = dividend - quotient * divisor;
  return (rest < 0 ? quotient - 1 : rest >= divisor ? quotient + 1 : quotient) + 0;
}

/** Limits of the release gate for one currency. */
export interface CentsGate {
  /** [cents] */
  readonly amount: number;
  /** [millionths] */
  readonly fraction: number;
}

/** The limits of a firm in whole units; null where one is no whole number of them. */
export function centsGateOf(controls: FirmControls, currency: string): CentsGate | null {
  const fraction = millionths(controls.releaseFraction);
  const limit = new Decimal(controls.releaseAmountByCurrency[currency] ?? controls.releaseAmount).times(100);
  if (fraction === null || !limit.isInteger() || limit.abs().greaterThan(Number.MAX_SAFE_INTEGER)) return null;
  return { amount: limit.toNumber(), fraction };
}

/**
 * Whether a requirement moved no further than decideRelease lets through.
 *
 * @param before  [cents], likewise `after`
 * @returns false also where a float cannot tell
 */
export function isWithinGate(before: number, after: number, { amount, fraction }: CentsGate): boolean {
  const size = Math.abs(after - before);
  if (size <= amount) return true;
  const [moved, limit] = [size * million, before * fraction];
  return Number.isSafeInteger(moved) && Number.isSafeInteger(limit) && moved <= limit;
}
