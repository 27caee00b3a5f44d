import { valuationModels } from '../option-terms';
import {
  override,
  parameterError,
  readBoolean,
  readChoice,
  readList,
  readNumber,
  readObject,
} from '../parameter-reader';
import type {
  CalendarSpread,
  CalendarSpreadLeg,
  CommodityParameters,
  DeliveryCharge,
  MonthRange,
  PriceScanRange,
  ScanTier,
  SpreadSide,
} from './span-parameters';

const spreadSides: readonly SpreadSide[] = ['A', 'B'];

/**
 * Reads the parameters of one commodity over a set of fallbacks, key by key.
 *
 * @param path  where the object stands, for messages, for example `parameters.GC`
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or an impossible value
 */
export function parseCommodityParameters(
  value: unknown,
  path: string,
  fallback: CommodityParameters,
): CommodityParameters {
  const object = readObject(value, path, Object.keys(fallback));
  const take = <Key extends keyof CommodityParameters>(
    key: Key,
    read: (raw: unknown, rawPath: string) => CommodityParameters[Key],
  ) => override(object, key, path, fallback[key], read);
  const nonNegative = (raw: unknown, rawPath: string) => readNumber(raw, rawPath, { minimum: 0 });
  const fraction = (raw: unknown, rawPath: string) => readNumber(raw, rawPath, { minimum: 0, maximum: 1 });
  const positive = (raw: unknown, rawPath: string) => readNumber(raw, rawPath, { exclusiveMinimum: 0 });
  return {
    priceScanRange: take('priceScanRange', readPriceScanRange),
    volatilityScanRange: take('volatilityScanRange', nonNegative),
    volatilityShift: take('volatilityShift', (raw, at) => readChoice(raw, at, ['multiplicative', 'additive'])),
    extremeMultiplier: take('extremeMultiplier', nonNegative),
    coverFraction: take('coverFraction', fraction),
    lookAheadDays: take('lookAheadDays', nonNegative),
    interestRate: take('interestRate', (raw, at) => (raw === null ? null : readNumber(raw, at))),
    arrayRounding: take('arrayRounding', (raw, at) => readChoice(raw, at, ['none', 'unit'])),
    shortOptionMinimum: take('shortOptionMinimum', readShortOptionMinimum),
    model: take('model', (raw, at) => (raw === null ? null : readChoice(raw, at, valuationModels))),
    scanTiers: take('scanTiers', (raw, at) => readList(raw, at, readScanTier)),
    calendarSpreads: take('calendarSpreads', (raw, at) => readList(raw, at, readCalendarSpread)),
    deliveryCharge: take('deliveryCharge', (raw, at) => readList(raw, at, readDeliveryCharge)),
    deltaScalingFactor: take('deltaScalingFactor', positive),
    weightedFuturesPriceRisk: take('weightedFuturesPriceRisk', (raw, at) =>
      readChoice(raw, at, ['normal', 'scan-range', 'scan-range-cap']),
    ),
    exposureRate: take('exposureRate', nonNegative),
    initialToMaintenanceRatio: take('initialToMaintenanceRatio', positive),
    aggregation: take('aggregation', (raw, at) => readChoice(raw, at, ['cme', 'kdpw'])),
    capNetOptionValue: take('capNetOptionValue', readBoolean),
  };
}

/** Reads one side of a spread. */
export function readSide(value: unknown, path: string): SpreadSide {
  return readChoice(value, path, spreadSides);
}

function readPriceScanRange(value: unknown, path: string): PriceScanRange {
  const object = readObject(value, path, ['amount', 'fraction']);
  if ((object['amount'] === undefined) === (object['fraction'] === undefined))
    throw parameterError(path, 'expected either an amount or a fraction', value);
  if (object['amount'] !== undefined) return { amount: readNumber(object['amount'], `${path}.amount`, { minimum: 0 }) };
  return { fraction: readNumber(object['fraction'], `${path}.fraction`, { minimum: 0 }) };
}

function readShortOptionMinimum(value: unknown, path: string): CommodityParameters['shortOptionMinimum'] {
  const object = readObject(value, path, ['rate', 'method']);
  return {
    rate: readNumber(object['rate'], `${path}.rate`, { minimum: 0 }),
    method: override<'gross' | 'max'>(object, 'method', path, 'gross', (raw, at) =>
      readChoice(raw, at, ['gross', 'max']),
    ),
  };
}

function readScanTier(value: unknown, path: string): ScanTier {
  const object = readObject(value, path, ['from', 'to', 'priceScanRange', 'volatilityScanRange']);
  return {
    ...readMonthRange(object, path),
    priceScanRange: override<PriceScanRange | null>(object, 'priceScanRange', path, null, readPriceScanRange),
    volatilityScanRange: override<number | null>(object, 'volatilityScanRange', path, null, (raw, at) =>
      readNumber(raw, at, { minimum: 0 }),
    ),
  };
}

function readCalendarSpread(value: unknown, path: string): CalendarSpread {
  const object = readObject(value, path, ['priority', 'kind', 'rate', 'legs']);
  const legs = readList(object['legs'], `${path}.legs`, readCalendarLeg, 2);
  if (new Set(legs.map(({ side }) => side)).size < 2)
    throw parameterError(`${path}.legs`, 'expected legs on both sides A and B', object['legs']);
  legs.forEach((leg, index) => {
    const rivals = legs.slice(0, index).filter(({ side }) => side === leg.side);
    if (rivals.some((rival) => rival.from <= leg.to && leg.from <= rival.to))
      throw parameterError(`${path}.legs[${index}]`, 'legs of one side share no month', object['legs']);
  });
  return {
    priority: override(object, 'priority', path, 1, (raw, at) => readNumber(raw, at, { minimum: 0 })),
    kind: override<'series' | 'tier'>(object, 'kind', path, 'tier', (raw, at) =>
      readChoice(raw, at, ['series', 'tier']),
    ),
    rate: readNumber(object['rate'], `${path}.rate`, { minimum: 0 }),
    legs,
  };
}

function readCalendarLeg(value: unknown, path: string): CalendarSpreadLeg {
  const object = readObject(value, path, ['from', 'to', 'deltaPerSpread', 'side']);
  return {
    ...readMonthRange(object, path),
    deltaPerSpread: override(object, 'deltaPerSpread', path, 1, (raw, at) =>
      readNumber(raw, at, { exclusiveMinimum: 0 }),
    ),
    side: readSide(object['side'], `${path}.side`),
  };
}

function readDeliveryCharge(value: unknown, path: string): DeliveryCharge {
  const object = readObject(value, path, ['month', 'spread', 'outright']);
  const charge = (key: string) => override(object, key, path, 0, (raw, at) => readNumber(raw, at, { minimum: 0 }));
  return { month: readMonth(object['month'], `${path}.month`), spread: charge('spread'), outright: charge('outright') };
}

function readMonthRange(object: Readonly<Record<string, unknown>>, path: string): MonthRange {
  const from = readMonth(object['from'], `${path}.from`);
  const to = override(object, 'to', path, from, readMonth);
  if (to < from) throw parameterError(`${path}.to`, `expected a month not before ${from}`, to);
  return { from, to };
}

function readMonth(value: unknown, path: string): string {
  if (typeof value !== 'string' || !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(value))
    throw parameterError(path, 'expected a month written YYYY-MM', value);
  return value;
}
