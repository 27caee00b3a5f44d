import type { Instant } from '@ballast/domain';
import {
  override,
  parameterError,
  readBoolean,
  readChoice,
  readList,
  readNumber,
  readObject,
  readText,
} from '../parameter-reader';
import { selectParameterSet } from '../parameter-set';
import { parseCommodityParameters, readSide } from './parse-span-commodity';
import { spanParameterSets } from './span-parameter-sets';
import type { CommodityParameters, IntercommodityLeg, IntercommoditySpread, SpanParameters } from './span-parameters';

/**
 * Reads SPAN overrides over the published default set in force: `default` applies to every commodity, a key named
 * after an underlying to that one, `intercommodity` lists the spreads between them (methodology §1.10).
 *
 * @throws DomainError 'INVALID_PARAMETER' naming path and value; 'PARAMETERS_MISSING' before the first default set
 */
export function parseSpanParameters(overrides: unknown, asOf: Instant): SpanParameters {
  const set = selectParameterSet(spanParameterSets, asOf);
  const object = readObject(overrides ?? {}, 'parameters');
  const byDefault =
    object['default'] === undefined
      ? set.values.commodity
      : parseCommodityParameters(object['default'], 'parameters.default', set.values.commodity);
  const commodities = new Map<string, CommodityParameters>();
  for (const key of Object.keys(object).sort()) {
    if (key === 'default' || key === 'intercommodity') continue;
    commodities.set(key, parseCommodityParameters(object[key], `parameters.${key}`, byDefault));
  }
  return {
    parameterSetId: set.id,
    scenarios: set.values.scenarios,
    default: byDefault,
    commodities,
    intercommodity: override(object, 'intercommodity', 'parameters', [], (raw, path) =>
      readList(raw, path, readIntercommoditySpread),
    ),
  };
}

function readIntercommoditySpread(value: unknown, path: string): IntercommoditySpread {
  const object = readObject(value, path, ['priority', 'rate', 'method', 'target', 'super', 'legs']);
  const legs = readList(object['legs'], `${path}.legs`, readLeg, 2);
  if (new Set(legs.map(({ side }) => side)).size < 2)
    throw parameterError(`${path}.legs`, 'expected legs on both sides A and B', object['legs']);
  if (new Set(legs.map(({ underlying }) => underlying)).size < legs.length)
    throw parameterError(`${path}.legs`, 'expected every leg on its own underlying', object['legs']);
  const method = override<IntercommoditySpread['method']>(object, 'method', path, 'weighted', (raw, at) =>
    readChoice(raw, at, ['weighted', 'flat', 'scanning']),
  );
  const target = override<string | null>(object, 'target', path, null, readText);
  if (target !== null && method !== 'scanning')
    throw parameterError(`${path}.target`, 'only a scanning spread has a target', target);
  const range = method === 'flat' ? { minimum: 0 } : { minimum: 0, maximum: 1 };
  return {
    priority: override(object, 'priority', path, 1, (raw, at) => readNumber(raw, at, { minimum: 0 })),
    rate: readNumber(object['rate'], `${path}.rate`, range),
    method,
    target,
    isSuper: override(object, 'super', path, false, readBoolean),
    legs,
  };
}

function readLeg(value: unknown, path: string): IntercommodityLeg {
  const object = readObject(value, path, ['underlying', 'ratio', 'side']);
  return {
    underlying: readText(object['underlying'], `${path}.underlying`),
    ratio: override(object, 'ratio', path, 1, (raw, at) => readNumber(raw, at, { exclusiveMinimum: 0 })),
    side: readSide(object['side'], `${path}.side`),
  };
}
