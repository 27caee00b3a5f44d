import type { Instant } from '@ballast/domain';
import { override, type ParameterSet, readNumber, readObject, selectParameterSet } from '@ballast/margin';
import { type MarginCallTerms, parseMarginCallTerms, publishedMarginCallTerms } from './margin-call/margin-call-terms';

/** Limits by which a firm watches its own figures; dated like every parameter. */
export interface FirmControls {
  /** A requirement that moves by more than this fraction … */
  readonly releaseFraction: number;
  /** … and by more than this amount [USD, converted by the snapshot's rate] is HELD. */
  readonly releaseAmount: number;
  /** The amount for accounts of these base currencies, in units of them; where one is not named releaseControlsIn gives it. */
  readonly releaseAmountByCurrency: Readonly<Record<string, number>>;
  /** Usual time from one run to the next [ms]; an answer of a run older than twice that is STALE. */
  readonly cadenceMs: number;
  /** When margin calls are due, and what being late costs. */
  readonly marginCalls: MarginCallTerms;
}

/** Published controls, oldest first. */
export const firmControlSets: readonly ParameterSet<FirmControls>[] = [
  {
    id: 'firm-controls-default',
    effectiveFrom: '1970-01-01',
    source: 'release gate of 25 % and 10 000 US dollars; one run per trading day',
    values: {
      releaseFraction: 0.25,
      releaseAmount: 10_000,
      releaseAmountByCurrency: {},
      cadenceMs: 86_400_000,
      marginCalls: publishedMarginCallTerms,
    },
  },
];

/** Picks the published controls in force at an instant. @throws DomainError 'PARAMETERS_MISSING' */
export function defaultFirmControls(asOf: Instant): FirmControls {
  return selectParameterSet(firmControlSets, asOf).values;
}

const knownKeys = ['releaseFraction', 'releaseAmount', 'releaseAmountByCurrency', 'cadenceMs', 'marginCalls'];

/**
 * Reads a firm's controls, key by key over the published set.
 *
 * @param value  for example `{ "releaseFraction": 0.3, "cadenceMs": 60000 }`
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value
 */
export function parseFirmControls(value: unknown, asOf: Instant): FirmControls {
  const path = 'controls';
  const base = defaultFirmControls(asOf);
  const object = readObject(value, path, knownKeys);
  return {
    releaseFraction: override(object, 'releaseFraction', path, base.releaseFraction, readAmount),
    releaseAmount: override(object, 'releaseAmount', path, base.releaseAmount, readAmount),
    releaseAmountByCurrency: override(
      object,
      'releaseAmountByCurrency',
      path,
      base.releaseAmountByCurrency,
      readAmounts,
    ),
    cadenceMs: override(object, 'cadenceMs', path, base.cadenceMs, (given, where) =>
      readNumber(given, where, { minimum: 1_000, maximum: 31 * 86_400_000, integer: true }),
    ),
    marginCalls: override(object, 'marginCalls', path, base.marginCalls, (given, where) =>
      parseMarginCallTerms(given, where, base.marginCalls),
    ),
  };
}

function readAmount(value: unknown, path: string): number {
  return readNumber(value, path, { minimum: 0 });
}

function readAmounts(value: unknown, path: string): Readonly<Record<string, number>> {
  const entries = Object.entries(readObject(value, path));
  return Object.fromEntries(entries.map(([currency, amount]) => [currency, readAmount(amount, `${path}.${currency}`)]));
}
