// Members of a JSON document to domain values: strict readers that name file, line and member path.
import { Decimal, describeValue, DomainError, type Instant, parseCurrency, parseInstant } from '@ballast/domain';
import { CellRefusal, identifierCell } from './cell';
import { refuseFile } from './file-refusal';
import { type JsonNode, plainValueOf } from './json-document';

/** A value of a JSON document with its path from the root, for example `positions[3].quantity`. */
export interface JsonPlace {
  readonly file: string;
  readonly path: string;
  readonly node: JsonNode;
}

/** An object of a JSON document whose keys are all known. */
export interface JsonObject {
  readonly place: JsonPlace;
  readonly members: ReadonlyMap<string, JsonNode>;
}

/** Refuses a place for a reason; the value is shown shortened. */
export function refusePlace(place: JsonPlace, reason: string): never {
  const value = place.node.type === 'object' || place.node.type === 'array' ? undefined : plainText(place.node);
  const { file, path } = place;
  return refuseFile({ file, line: place.node.line, column: path, ...(value === undefined ? {} : { value }), reason });
}

/** Takes a place as an object. @throws FileRefusal naming the first unknown key */
export function objectAt(place: JsonPlace, knownKeys: readonly string[]): JsonObject {
  if (place.node.type !== 'object') return refusePlace(place, 'expected an object');
  for (const [key, node] of place.node.members) {
    if (!knownKeys.includes(key))
      refuseFile({
        file: place.file,
        line: node.line,
        column: joinPath(place.path, key),
        reason: `unknown key; known keys are ${knownKeys.join(', ')}`,
      });
  }
  return { place, members: place.node.members };
}

/** Takes a place as a list. */
export function listAt(place: JsonPlace): readonly JsonPlace[] {
  if (place.node.type !== 'array') return refusePlace(place, 'expected a list');
  const { file, path } = place;
  return place.node.items.map((node, index) => ({ file, path: `${path}[${index}]`, node }));
}

/** A member that may be absent; JSON null counts as absent. */
export function optionalMember(object: JsonObject, key: string): JsonPlace | undefined {
  const node = object.members.get(key);
  if (node === undefined || node.type === 'null') return undefined;
  return { file: object.place.file, path: joinPath(object.place.path, key), node };
}

/** A member that must be there. */
export function requiredMember(object: JsonObject, key: string): JsonPlace {
  return optionalMember(object, key) ?? refusePlace(object.place, `the key "${key}" is missing`);
}

/** Reads a member that may be absent. */
export function optionalAt<Value>(
  object: JsonObject,
  key: string,
  read: (place: JsonPlace) => Value,
): Value | undefined {
  const place = optionalMember(object, key);
  return place === undefined ? undefined : read(place);
}

/** A member read under its own name, to be spread into a value: nothing where it is absent. */
export function memberAt<const Key extends string, Value>(
  object: JsonObject,
  key: Key,
  read: (place: JsonPlace) => Value,
): { readonly [K in Key]?: Value } {
  const place = optionalMember(object, key);
  return (place === undefined ? {} : { [key]: read(place) }) as { readonly [K in Key]?: Value };
}

/** The items of a list that may be absent: none then. */
export function itemsOf(object: JsonObject, key: string): readonly JsonPlace[] {
  return optionalAt(object, key, listAt) ?? [];
}

export function textAt(place: JsonPlace): string {
  if (place.node.type !== 'string') return refusePlace(place, 'expected a string');
  return place.node.text;
}

/** An identifier of an underlying, an instrument or an asset. */
export function identifierAt(place: JsonPlace): string {
  try {
    return identifierCell(textAt(place));
  } catch (error) {
    if (error instanceof CellRefusal) return refusePlace(place, error.message);
    throw error;
  }
}

/** One word of a closed list. */
export function choiceAt<const Choice extends string>(place: JsonPlace, choices: readonly Choice[]): Choice {
  const text = textAt(place);
  return choices.find((choice) => choice === text) ?? refusePlace(place, `expected ${choices.join(' or ')}`);
}

/** An exact amount: a string of plain digits, 18 before and 20 after the point at most. */
export function decimalAt(place: JsonPlace): Decimal {
  if (place.node.type !== 'string') return refusePlace(place, 'expected a decimal in quotes, such as "97.73"');
  if (place.node.text.length > decimalLengthMaximum || !decimalPattern.test(place.node.text))
    return refusePlace(place, 'expected plain digits such as "-1234.50"');
  const value = new Decimal(place.node.text);
  return value.isZero() ? new Decimal(0) : value;
}

/** A model number: a JSON number within bounds, both included. */
export function numberAt(
  place: JsonPlace,
  range: { readonly minimum?: number; readonly maximum?: number } = {},
): number {
  if (place.node.type !== 'number') return refusePlace(place, 'expected a number without quotes');
  const value = Number(place.node.text);
  if (!Number.isFinite(value)) return refusePlace(place, 'larger than a float64 can hold');
  if (range.minimum !== undefined && value < range.minimum)
    return refusePlace(place, `must be at least ${range.minimum}`);
  if (range.maximum !== undefined && value > range.maximum)
    return refusePlace(place, `must be at most ${range.maximum}`);
  return value;
}

/** A part of a whole: 0 to 1. */
export function fractionAt(place: JsonPlace): number {
  return numberAt(place, { minimum: 0, maximum: 1 });
}

export function booleanAt(place: JsonPlace): boolean {
  if (place.node.type !== 'boolean') return refusePlace(place, 'expected true or false');
  return place.node.value;
}

export function instantAt(place: JsonPlace): Instant {
  return domainValueAt(place, () => parseInstant(textAt(place), place.path));
}

export function currencyAt(place: JsonPlace): string {
  return domainValueAt(place, () => parseCurrency(textAt(place), place.path));
}

/**
 * Finds the deepest node of a document that lies on a path such as `parameters.GC.coverFraction`; keys that hold dots
 * are found too.
 */
export function locateJson(root: JsonNode, path: string): JsonNode {
  let node = root;
  let rest = path;
  while (rest !== '') {
    const step = nextStep(node, rest);
    if (step === undefined) return node;
    node = step.node;
    rest = step.rest;
  }
  return node;
}

function nextStep(node: JsonNode, path: string): { readonly node: JsonNode; readonly rest: string } | undefined {
  const item = /^\[(\d+)\]/.exec(path);
  if (item !== null) {
    const found = node.type === 'array' ? node.items[Number(item[1])] : undefined;
    return found === undefined ? undefined : { node: found, rest: path.slice(item[0].length).replace(/^\./, '') };
  }
  if (node.type !== 'object') return undefined;
  for (const [key, member] of node.members) {
    const after = path.slice(key.length);
    if (path.startsWith(key) && (after === '' || after.startsWith('.') || after.startsWith('[')))
      return { node: member, rest: after.replace(/^\./, '') };
  }
  return undefined;
}

function domainValueAt<Value>(place: JsonPlace, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError) return refusePlace(place, error.message);
    throw error;
  }
}

function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function plainText(node: JsonNode): string {
  const value = plainValueOf(node);
  return typeof value === 'string' ? value : describeValue(value);
}

const decimalPattern = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,20})?$/;
const decimalLengthMaximum = 41;
