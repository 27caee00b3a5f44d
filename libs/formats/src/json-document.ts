// JSON text to values that know where they stand in the file.
import { refuseFile } from './file-refusal';

/** A JSON value with the line on which it starts; numbers keep their text, because amounts may not pass through float64. */
export type JsonNode =
  | { readonly type: 'object'; readonly line: number; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly type: 'array'; readonly line: number; readonly items: readonly JsonNode[] }
  | { readonly type: 'string' | 'number'; readonly line: number; readonly text: string }
  | { readonly type: 'boolean'; readonly line: number; readonly value: boolean }
  | { readonly type: 'null'; readonly line: number };

const depthMaximum = 64;
const scalarToken = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * Parses JSON (RFC 8259) strictly: a member name may not repeat within an object, nesting stops at 64 levels,
 * nothing may follow the value.
 *
 * @throws FileRefusal naming line and column of the first fault
 */
export function parseJsonDocument(text: string, file: string): JsonNode {
  return new JsonReader(text, file).document();
}

/** The plain JavaScript value of a node, numbers as float64. */
export function plainValueOf(node: JsonNode): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries([...node.members].map(([name, member]) => [name, plainValueOf(member)]));
    case 'array':
      return node.items.map(plainValueOf);
    case 'string':
      return node.text;
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.value;
    case 'null':
      return null;
  }
}

class JsonReader {
  private index = 0;
  private line = 1;
  private lineStart = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  document(): JsonNode {
    const node = this.value();
    this.skipSpace();
    if (this.index < this.text.length) this.refuse('text after the end of the JSON value');
    return node;
  }

  private value(): JsonNode {
    this.skipSpace();
    const next = this.text[this.index];
    if (next === undefined) this.refuse('the JSON text ends too early; is the file cut?');
    if (next === '{' || next === '[') return this.container(next);
    if (next === '"') return { type: 'string', line: this.line, text: this.string() };
    scalarToken.lastIndex = this.index;
    const token = scalarToken.exec(this.text)?.[0];
    if (token === undefined) this.refuse(`unexpected ${JSON.stringify(next)}; not JSON`);
    this.index += token.length;
    if (token === 'null') return { type: 'null', line: this.line };
    if (token === 'true' || token === 'false') return { type: 'boolean', line: this.line, value: token === 'true' };
    return { type: 'number', line: this.line, text: token };
  }

  private container(open: '{' | '['): JsonNode {
    const line = this.line;
    const close = open === '{' ? '}' : ']';
    const members = new Map<string, JsonNode>();
    const items: JsonNode[] = [];
    this.depth += 1;
    if (this.depth > depthMaximum) this.refuse(`nested deeper than ${depthMaximum} levels`);
    this.index += 1;
    this.skipSpace();
    while (this.text[this.index] !== close) {
      if (open === '{') this.member(members);
      else items.push(this.value());
      this.skipSpace();
      if (this.text[this.index] === close) break;
      if (this.text[this.index] !== ',') this.refuse(this.ended() ?? `expected "," or "${close}"`);
      this.index += 1;
      this.skipSpace();
      if (this.text[this.index] === close) this.refuse(`a comma before "${close}"`);
    }
    this.index += 1;
    this.depth -= 1;
    return open === '{' ? { type: 'object', line, members } : { type: 'array', line, items };
  }

  private member(members: Map<string, JsonNode>): void {
    if (this.text[this.index] !== '"') this.refuse(this.ended() ?? 'expected a member name in quotes');
    const name = this.string();
    if (members.has(name)) this.refuse(`the member ${JSON.stringify(name)} appears twice`);
    if (name === '__proto__') this.refuse('the member name "__proto__" is not allowed');
    this.skipSpace();
    if (this.text[this.index] !== ':') this.refuse(this.ended() ?? 'expected ":" after the member name');
    this.index += 1;
    members.set(name, this.value());
  }

  private string(): string {
    stringToken.lastIndex = this.index;
    const token = stringToken.exec(this.text)?.[0];
    if (token === undefined) this.refuse('a string that is not closed, or a control character or bad escape in it');
    this.index += token.length;
    return JSON.parse(token) as string;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.index);
      if (code === 10) {
        this.line += 1;
        this.lineStart = this.index + 1;
      } else if (code !== 32 && code !== 9 && code !== 13) return;
      this.index += 1;
    }
  }

  private ended(): string | undefined {
    return this.index >= this.text.length ? 'the JSON text ends too early; is the file cut?' : undefined;
  }

  private refuse(reason: string): never {
    const column = `character ${this.index - this.lineStart + 1}`;
    return refuseFile({ file: this.file, line: this.line, column, reason });
  }
}
