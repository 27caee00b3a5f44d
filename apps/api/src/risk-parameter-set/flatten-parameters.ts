import type { RiskParameter } from './risk-parameter-set.model';

/**
 * Lists the values of a parameter document by path: objects and lists are walked, everything else is a value.
 *
 * @example
 * flattenParameters({ moves: [0.1, 0.2] }) // [{ key: 'moves.0', value: '0.1' }, { key: 'moves.1', value: '0.2' }]
 */
export function flattenParameters(parameters: unknown, path: readonly string[] = []): readonly RiskParameter[] {
  if (parameters === null || typeof parameters !== 'object')
    return [{ key: path.join('.'), value: JSON.stringify(parameters) ?? 'null' }];
  return Object.entries(parameters).flatMap(([key, value]) => flattenParameters(value, [...path, key]));
}
