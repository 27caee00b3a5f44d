// Scenarios of a caller's own: a JSON list.
import { type UnderlyingKind, underlyingKinds } from '@ballast/domain';
import { parseJsonDocument } from './json-document';
import {
  booleanAt,
  choiceAt,
  identifierAt,
  type JsonPlace,
  listAt,
  memberAt,
  numberAt,
  objectAt,
  optionalMember,
  refusePlace,
  requiredMember,
  textAt,
} from './json-member';

/** Price, volatility and rate move of one place of a scenario. */
export interface StressMoveRow {
  /** Relative, absolute [quote currency per unit], or the price reached; one of the three at most. */
  readonly spot?: number;
  readonly spotBy?: number;
  readonly spotTo?: number;
  /** Relative, 0.25 = 20 % → 25 %. */
  readonly volatility?: number;
  /** 0.01 = one percentage point. */
  readonly rate?: number;
}

/** A scenario as its file states it. */
export interface StressScenarioRow {
  readonly name: string;
  readonly title?: string;
  readonly market?: Pick<StressMoveRow, 'spot' | 'volatility' | 'rate'>;
  readonly betas?: Readonly<Record<string, number>>;
  readonly kinds?: Readonly<Partial<Record<UnderlyingKind, StressMoveRow>>>;
  readonly classes?: Readonly<Record<string, StressMoveRow>>;
  readonly underlyings?: Readonly<Record<string, StressMoveRow>>;
  readonly adverse?: boolean;
  readonly negativePrices?: 'refuse' | 'bachelier';
  readonly days?: number;
}

/**
 * Parses `[{ "name", "title"?, "market"?, "betas"?, "kinds"?, "classes"?, "underlyings"?, "adverse"?, "negativePrices"?,
 * "days"? }]`; a move is `{ "spot" | "spotBy" | "spotTo", "volatility"?, "rate"? }`, all numbers (docs/file-formats.md).
 *
 * @param classes  names of asset classes that are known
 * @throws FileRefusal naming line and member
 */
export function parseStressScenarioFile(
  text: string,
  file: string,
  classes: readonly string[],
): readonly StressScenarioRow[] {
  const places = listAt({ file, path: '', node: parseJsonDocument(text, file) });
  return places.map((place) => readScenario(place, classes));
}

const keys = [
  'name',
  'title',
  'market',
  'betas',
  'kinds',
  'classes',
  'underlyings',
  'adverse',
  'negativePrices',
  'days',
];

function readScenario(place: JsonPlace, classes: readonly string[]): StressScenarioRow {
  const object = objectAt(place, keys);
  return {
    name: textAt(requiredMember(object, 'name')),
    ...memberAt(object, 'title', textAt),
    ...memberAt(object, 'market', (at) => readMove(at, ['spot', 'volatility', 'rate'])),
    ...memberAt(object, 'betas', (at) => readByName(at, identifierAt, (value) => numberAt(value))),
    ...memberAt(object, 'kinds', (at) => readByName(at, (key) => choiceAt(key, underlyingKinds), readMove)),
    ...memberAt(object, 'classes', (at) => readByName(at, (key) => choiceAt(key, classes), readMove)),
    ...memberAt(object, 'underlyings', (at) => readByName(at, identifierAt, readMove)),
    ...memberAt(object, 'adverse', booleanAt),
    ...memberAt(object, 'negativePrices', (at) => choiceAt(at, ['refuse', 'bachelier'])),
    ...memberAt(object, 'days', (at) => numberAt(at, { minimum: 0 })),
  };
}

const moveKeys = ['spot', 'spotBy', 'spotTo', 'volatility', 'rate'] as const;

function readMove(place: JsonPlace, known: readonly string[] = moveKeys): StressMoveRow {
  const object = objectAt(place, known);
  const move: Record<string, number> = {};
  for (const key of known) {
    const at = optionalMember(object, key);
    if (at !== undefined) move[key] = numberAt(at);
  }
  if (moveKeys.slice(0, 3).filter((key) => move[key] !== undefined).length > 1)
    refusePlace(place, 'expected one of spot, spotBy and spotTo');
  return move;
}

function readByName<Value>(
  place: JsonPlace,
  readKey: (key: JsonPlace) => string,
  read: (at: JsonPlace) => Value,
): Record<string, Value> {
  const { node, file, path } = place;
  if (node.type !== 'object') return refusePlace(place, 'expected an object');
  const entries = [...node.members].map(([key, member]) => {
    const at = `${path}.${key}`;
    const name = readKey({ file, path: at, node: { type: 'string', text: key, line: member.line } });
    return [name, read({ file, path: at, node: member })] as const;
  });
  return Object.fromEntries(entries);
}
