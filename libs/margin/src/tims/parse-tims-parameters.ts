import { underlyingKinds, type Instant, type UnderlyingKind } from '@ballast/domain';
import { scenarioValuationModes } from '../greeks-approximation';
import { override, parameterError, readChoice, readList, readNumber, readObject, readText } from '../parameter-reader';
import { selectParameterSet } from '../parameter-set';
import { timsParameterSets } from './tims-parameter-sets';
import { timsModels, type TimsGroup, type TimsParameters } from './tims-parameters';

const keys = [
  'ranges',
  'valuationPoints',
  'minimumPerContract',
  'model',
  'steps',
  'productGroups',
  'portfolioGroups',
  'concentrationTest',
  'extremeMove',
  'valuation',
];

/**
 * Reads the parameters of TIMS over the published set in force at `asOf` (keys: methodology §2).
 *
 * @throws DomainError 'INVALID_PARAMETER' for an unknown key, a value out of range, a price move of −100 % or below, no
 *         valuation points, or a member of two groups
 */
export function parseTimsParameters(overrides: unknown, asOf: Instant): TimsParameters {
  const defaults = selectParameterSet(timsParameterSets, asOf).values;
  const path = 'parameters';
  const given = readObject(overrides ?? {}, path, keys);
  return {
    ranges: { ...defaults.ranges, ...override(given, 'ranges', path, {}, readRanges) },
    valuationPoints: override(given, 'valuationPoints', path, defaults.valuationPoints, readPointCount),
    minimumPerContract: override(given, 'minimumPerContract', path, defaults.minimumPerContract, (value, at) =>
      readNumber(value, at, { minimum: 0 }),
    ),
    model: override(given, 'model', path, defaults.model, (value, at) => readChoice(value, at, timsModels)),
    steps: override(given, 'steps', path, defaults.steps, (value, at) =>
      readNumber(value, at, { integer: true, minimum: 2, maximum: 10_000 }),
    ),
    productGroups: override(given, 'productGroups', path, defaults.productGroups, readGroups),
    portfolioGroups: override(given, 'portfolioGroups', path, defaults.portfolioGroups, readGroups),
    concentrationTest: override(given, 'concentrationTest', path, defaults.concentrationTest, (value, at) =>
      readConcentrationTest(value, at, defaults.concentrationTest),
    ),
    extremeMove: override(given, 'extremeMove', path, defaults.extremeMove, readSymmetricMove),
    valuation: override(given, 'valuation', path, defaults.valuation, (value, at) =>
      readChoice(value, at, scenarioValuationModes),
    ),
  };
}

function readRanges(value: unknown, path: string): Partial<TimsParameters['ranges']> {
  const given = Object.entries(readObject(value, path, underlyingKinds));
  const ranges = given.map(([kind, range]) => [kind as UnderlyingKind, readRange(range, `${path}.${kind}`)]);
  return Object.fromEntries(ranges) as Partial<TimsParameters['ranges']>;
}

function readRange(value: unknown, path: string): readonly [number, number] {
  const ends = readList(value, path, (end, at) => readNumber(end, at), 2);
  if (ends.length !== 2) throw parameterError(path, 'expected two ends', value);
  const [lower, upper] = ends as [number, number];
  if (lower <= -1) throw parameterError(path, 'a price move of −100 % or below is impossible', lower);
  if (lower >= 0 || upper <= 0) throw parameterError(path, 'expected lower end < 0 < upper end', value);
  return [lower, upper];
}

function readPointCount(value: unknown, path: string): number {
  const count = readNumber(value, path, { integer: true, minimum: 2, maximum: 1_000 });
  if (count % 2 !== 0) throw parameterError(path, 'expected an even number, half of the points on each side', value);
  return count;
}

function readGroups(value: unknown, path: string): readonly TimsGroup[] {
  const seen = new Set<string>();
  const once = (name: string, at: string) => {
    if (seen.has(name)) throw parameterError(at, 'named twice; an underlying or group belongs to one group', name);
    seen.add(name);
    return name;
  };
  return readList(value, path, (item, itemPath) => {
    const group = readObject(item, itemPath, ['id', 'members', 'offset']);
    return {
      id: readText(group['id'], `${itemPath}.id`),
      members: readList(group['members'], `${itemPath}.members`, (member, at) => once(readText(member, at), at), 1),
      offset: readNumber(group['offset'], `${itemPath}.offset`, { minimum: 0, maximum: 1 }),
    };
  });
}

function readConcentrationTest(
  value: unknown,
  path: string,
  defaults: TimsParameters['concentrationTest'],
): TimsParameters['concentrationTest'] {
  const given = readObject(value, path, ['names', 'move', 'otherMove']);
  return {
    names: override(given, 'names', path, defaults.names, (item, at) =>
      readNumber(item, at, { integer: true, minimum: 0 }),
    ),
    move: override(given, 'move', path, defaults.move, readSymmetricMove),
    otherMove: override(given, 'otherMove', path, defaults.otherMove, readSymmetricMove),
  };
}

function readSymmetricMove(value: unknown, path: string): number {
  const move = readNumber(value, path, { minimum: 0 });
  if (move >= 1) throw parameterError(path, 'a price move of −100 % or below is impossible', value);
  return move;
}
