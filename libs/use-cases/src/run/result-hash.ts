import { hash } from 'node:crypto';
import type { Decimal, Money } from '@ballast/domain';
import type { MarginRequirement } from '@ballast/margin';
import { type AccountResult, textHash, type WrittenFigures } from '@ballast/persistence';

type Hashed = Omit<
  AccountResult,
  'parameterSetId' | 'parameterHash' | 'previousStatus' | 'inputHash' | 'resultHash' | 'figures' | 'written' | 'written'
>;

/** What is hashed is put together here. */
let scratch = Buffer.allocUnsafe(8_192);

/**
 * Hash of an account's result: SHA-256 over its stored figures as JSON, in the order below, followed by the bytes of its
 * unrounded figures, losses per scenario and Greeks.
 *
 * Breakdown, contributions, labels and the lines of equity and collateral are not in it: they follow from the figures and
 * the recorded inputs, so a run need not build them for every account, and whoever shows them recomputes this hash first.
 */
export function hashResult(result: Hashed, figures: Uint8Array): string {
  const { requirement, held } = result;
  const { worstScenario } = requirement;
  const text = JSON.stringify([
    ...[result.accountId, result.baseCurrency, requirement.methodology, result.quality, result.qualityReasons],
    ...[requirement.warnings, result.status, result.computedStatus],
    ...[digits(requirement.initialRequirement), digits(requirement.maintenanceRequirement)],
    ...[digits(requirement.netOptionValue), digits(result.equity), digits(result.collateralValue)],
    ...[digits(result.buffer), digits(result.excess), plain(result.bufferRatio), plain(result.leverage)],
    worstScenario === null ? null : [worstScenario.group, worstScenario.index],
    held === undefined
      ? null
      : [
          ...[held.released.runId, held.released.asOf, digits(held.released.initial)],
          ...[digits(held.released.maintenance), held.statusOnRelease, held.qualityOnRelease],
        ],
  ]);
  return hashTextAndFigures(text, figures);
}

/**
 * What hashResult gives for a requirement of SPAN without warnings, of quality OK, whose amounts have been written.
 *
 * @param worst  the worst scenario of the requirement
 */
export function hashPlainResult(
  result: Pick<Hashed, 'accountId' | 'baseCurrency' | 'status' | 'computedStatus'> & {
    readonly written: WrittenFigures;
    readonly figures: Uint8Array;
  },
  worst: MarginRequirement['worstScenario'],
): string {
  const { accountId, baseCurrency, status, computedStatus, written } = result;
  const { initial, maintenance, netOptionValue, equity, collateralValue, buffer, excess } = written;
  const amounts = `"${initial}","${maintenance}","${netOptionValue}","${equity}","${collateralValue}","${buffer}","${excess}"`;
  const ratios = `${quoted(written.bufferRatio)},${quoted(written.leverage)}`;
  const scenario = worst === null ? 'null' : `[${JSON.stringify(worst.group)},${worst.index}]`;
  const head = `"${accountId}","${baseCurrency}","SPAN","OK",[],[],"${status}","${computedStatus}"`;
  return hashTextAndFigures(`[${head},${amounts},${ratios},${scenario},null]`, result.figures);
}

function quoted(digitsOrNull: string | null): string {
  return digitsOrNull === null ? 'null' : `"${digitsOrNull}"`;
}

function hashTextAndFigures(text: string, figures: Uint8Array): string {
  const size = 3 * text.length + figures.length;
  if (size > scratch.length) scratch = Buffer.allocUnsafe(2 * size);
  const end = scratch.write(text, 'utf8');
  scratch.set(figures, end);
  return hash('sha256', scratch.subarray(0, end + figures.length), 'hex');
}

/** The hash of results that were stored without the bytes of their figures: SHA-256 over everything that was found, as JSON. */
export function hashResultAsText(result: Hashed): string {
  const { accountId, baseCurrency, requirement, equity, collateralValue, buffer, bufferRatio, excess } = result;
  const { computedStatus, leverage, equityComponents, collateral, status, quality, qualityReasons, held } = result;
  const figures = {
    ...{ accountId, baseCurrency, requirement, equity, collateralValue, buffer, bufferRatio, excess },
    ...{ computedStatus, leverage, equityComponents, collateral, status, quality, qualityReasons },
    ...(held === undefined ? {} : { held }),
  };
  return textHash(JSON.stringify(figures));
}

function digits(money: Money | null): string | null {
  return money === null ? null : money.amount.toFixed();
}

function plain(value: Decimal | null): string | null {
  return value === null ? null : value.toFixed();
}
