import {
  getNamedType,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLOutputType,
  GraphQLString,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

/** One answer that is being written. */
export interface Writing<Context> {
  readonly context: Context;
  /** Values of the operation's variables, as the schema takes them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Set when something is not as the plain way expects it: the text is then worth nothing. */
  failed: boolean;
}

/**
 * Writes a value as JSON. May throw at once for a value the schema refuses; a promise it returns never rejects, it sets
 * `failed` instead, so that nobody has to wait for the others of a list.
 */
export type Writer<Context> = (value: unknown, writing: Writing<Context>) => string | Promise<string>;

/** Text and promises of text, in order. */
export type Pieces = (string | Promise<string>)[];

/** Characters that JSON takes as they are; everything else is left to `JSON.stringify`. */
const plainText = /^[ !#-[\]-~\u00a0-\ud7ff]*$/;

/** A text as JSON writes it. */
export function quote(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Text of which parts may still be to come, and its end. */
export function joinPieces(pieces: Pieces | null, end: string): string | Promise<string> {
  if (pieces === null) return end;
  const [start, only] = pieces;
  if (pieces.length === 2) return (only as Promise<string>).then((middle) => (start as string) + middle + end);
  return Promise.all(pieces).then((known) => known.join('') + end);
}

/** Writes a value that is still to come. */
export function writeLater<Context>(
  value: PromiseLike<unknown>,
  write: Writer<Context>,
  writing: Writing<Context>,
): Promise<string> {
  const fail = (): string => {
    writing.failed = true;
    return 'null';
  };
  return Promise.resolve(value).then((known) => {
    try {
      return write(known, writing);
    } catch {
      return fail();
    }
  }, fail);
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/**
 * The writer of a type.
 *
 * @param writeObject  writer of the object at its core, when it leads to one
 */
export function writerOf<Context>(type: GraphQLOutputType, writeObject: Writer<Context> | null): Writer<Context> {
  if (isNonNullType(type)) {
    const write = writerOf(type.ofType, writeObject);
    return (value, writing) => {
      if (value == null) throw new Error(`null for ${type.toString()}`);
      return write(value, writing);
    };
  }
  const write = isListType(type) ? listWriter(writerOf(type.ofType, writeObject)) : singleWriter(type, writeObject);
  return (value, writing) => (value == null ? 'null' : write(value, writing));
}

function singleWriter<Context>(type: GraphQLOutputType, writeObject: Writer<Context> | null): Writer<Context> {
  const named = getNamedType(type);
  if (isLeafType(named)) return leafWriter(named);
  if (writeObject === null) throw new Error(`no fields are selected of ${named.name}`);
  return writeObject;
}

function listWriter<Context>(write: Writer<Context>): Writer<Context> {
  return (value, writing) => {
    if (!Array.isArray(value)) throw new Error('not a list');
    let text = '[';
    let pieces: Pieces | null = null;
    for (let index = 0; index < value.length; index += 1) {
      if (index > 0) text += ',';
      const item: unknown = value[index];
      const piece = isPromise(item) ? writeLater(item, write, writing) : write(item, writing);
      if (typeof piece === 'string') text += piece;
      else {
        (pieces ??= []).push(text, piece);
        text = '';
      }
    }
    return joinPieces(pieces, `${text}]`);
  };
}

function leafWriter(type: GraphQLLeafType): (value: unknown) => string {
  const general = (value: unknown): string => {
    const shown = type.serialize(value);
    if (shown == null) throw new Error(`${type.name}: nothing to show`);
    return typeof shown === 'string' ? quote(shown) : JSON.stringify(shown);
  };
  if (type === GraphQLString || type === GraphQLID)
    return (value) => (typeof value === 'string' ? quote(value) : general(value));
  if (type === GraphQLFloat) return (value) => (Number.isFinite(value) ? JSON.stringify(value) : general(value));
  if (type === GraphQLInt)
    return (value) => ((value as number) === ((value as number) | 0) ? `${value}` : general(value));
  if (type === GraphQLBoolean) return (value) => (typeof value === 'boolean' ? String(value) : general(value));
  if (!isEnumType(type)) return general;
  const names = new Map(type.getValues().map(({ name, value }) => [value as unknown, `"${name}"`]));
  return (value) => names.get(value) ?? general(value);
}
