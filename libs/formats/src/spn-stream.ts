// The bytes of an .spn file to small elements, one at a time: nothing larger than one element is held.
import { SaxesParser } from 'saxes';
import { refuseFile } from './file-refusal';
import type { SpnElement } from './spn-element';

/** What an element may hold: elements read whole, and containers that are entered. Others are passed over. */
export interface SpnContainerRule {
  readonly units: readonly string[];
  readonly containers: readonly string[];
}

/** A container that is open: its own simple values so far are the children of `header`. */
export interface SpnFrame {
  readonly name: string;
  readonly header: SpnElement;
}

/** What the reader is told while the file streams. */
export interface SpnHandlers {
  /** A container opened. */
  readonly onOpen: (frame: SpnFrame) => void;
  /** A unit is complete; `container` is where it stands. */
  readonly onUnit: (unit: SpnElement, container: SpnFrame) => void;
  readonly onClose: (frame: SpnFrame) => void;
  /** Whether a part of a unit, just opened, is needed; what comes before it in the unit is known. */
  readonly needsPart: (part: string, unit: SpnElement, container: SpnFrame) => boolean;
}

const root = 'spanFile';
const depthMaximum = 48;
const elementsPerUnitMaximum = 200_000;
/** Longest run of characters without a tag, and the furthest the root may stand into the file. */
const runMaximum = 1_048_576;

/**
 * Parses an .spn file chunk by chunk. A document type, an entity, nesting that the format does not know and anything
 * that is no well-formed XML are refused with line and column; memory does not grow with the file.
 */
export class SpnStream {
  private readonly parser = new SaxesParser({ position: true });
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private readonly frames: SpnFrame[] = [];
  /** The unit being read and the path to its innermost open element. */
  private readonly path: SpnElement[] = [];
  private unitSize = 0;
  private skipped = 0;
  private depth = 0;
  private lastTag = 0;
  private started = false;
  private ended = false;
  private firstBytes: Uint8Array | undefined;

  constructor(
    private readonly file: string,
    private readonly rules: ReadonlyMap<string, SpnContainerRule>,
    private readonly handlers: SpnHandlers,
  ) {
    this.parser.on('error', (error) => this.refuse(reasonOf(error.message)));
    this.parser.on('doctype', () => this.refuseDoctype());
    this.parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && !/^(?:utf-8|us-ascii)$/i.test(encoding))
        this.refuse(`the encoding ${encoding}; save the file as UTF-8`);
    });
    this.parser.on('opentag', ({ name }) => this.open(name));
    this.parser.on('closetag', () => this.close());
    this.parser.on('text', (text) => this.text(text));
    this.parser.on('cdata', (text) => this.text(text));
    for (const event of ['comment', 'processinginstruction'] as const)
      this.parser.on(event, () => (this.lastTag = this.parser.position));
  }

  /** @throws FileRefusal */
  push(chunk: Uint8Array): void {
    if (this.firstBytes === undefined && chunk.length > 0) this.refuseForeignStart((this.firstBytes = chunk));
    let text: string;
    try {
      text = this.decoder.decode(chunk, { stream: true });
    } catch {
      return this.refuse('bytes that are not UTF-8');
    }
    // A document type stands before the root; told by its first characters it is refused before it is expanded.
    if (!this.started && /<!\s*(?:DOCTYPE|ENTITY)/i.test(text)) this.writeUntilDoctype(text);
    this.parser.write(text);
    if (this.parser.position - this.lastTag > runMaximum)
      this.refuse('more than 1 MiB without a tag: not an .spn file');
  }

  /** @throws FileRefusal for an empty or truncated file */
  end(): void {
    if (this.firstBytes === undefined) refuseFile({ file: this.file, reason: 'the file is empty' });
    if (!this.ended) {
      const open = this.path.at(-1)?.name ?? this.frames.at(-1)?.name;
      this.refuse(
        open === undefined ? 'no spanFile element: not an .spn file' : `${open} is not closed; is the file cut?`,
      );
    }
    this.parser.close();
  }

  private writeUntilDoctype(text: string): never {
    const at = text.search(/<!\s*(?:DOCTYPE|ENTITY)/i);
    this.parser.write(text.slice(0, at));
    return this.refuseDoctype();
  }

  private refuseDoctype(): never {
    return this.refuse('a document type declaration (DTD); entities are never read, remove it');
  }

  private open(name: string): void {
    this.lastTag = this.parser.position;
    this.depth += 1;
    if (this.depth > depthMaximum) this.refuse(`nested deeper than ${depthMaximum} levels`);
    if (this.skipped > 0) {
      this.skipped += 1;
      return;
    }
    const container = this.frames.at(-1);
    if (this.path.length > 0) return this.openPart(name, container as SpnFrame);
    if (container === undefined) {
      if (this.started || name !== root) this.refuse(`the root is ${name}; an .spn file starts with ${root}`);
      this.started = true;
      return this.openContainer(name);
    }
    const rule = this.rules.get(container.name);
    if (rule?.containers.includes(name)) return this.openContainer(name);
    if (rule?.units.includes(name)) {
      this.unitSize = 1;
      this.path.push(this.element(name));
      return;
    }
    if (this.rules.has(name)) this.refuse(`${name} inside ${container.name}: it does not belong there`);
    this.skipped = 1;
  }

  private openPart(name: string, container: SpnFrame): void {
    const unit = this.path[0] as SpnElement;
    if (this.rules.has(name)) this.refuse(`${name} inside ${unit.name}: it does not belong there`);
    if (this.path.length === 1 && !this.handlers.needsPart(name, unit, container)) {
      this.skipped = 1;
      return;
    }
    this.unitSize += 1;
    if (this.unitSize > elementsPerUnitMaximum) this.refuse(`${unit.name} holds more than 200 000 elements`);
    const part = this.element(name);
    (this.path.at(-1) as SpnElement).children.push(part);
    this.path.push(part);
  }

  private openContainer(name: string): void {
    const frame = { name, header: this.element(name) };
    this.frames.push(frame);
    this.handlers.onOpen(frame);
  }

  private close(): void {
    this.lastTag = this.parser.position;
    this.depth -= 1;
    if (this.skipped > 0) {
      this.skipped -= 1;
      return;
    }
    const element = this.path.pop();
    if (element === undefined) {
      const frame = this.frames.pop() as SpnFrame;
      this.handlers.onClose(frame);
      if (this.frames.length === 0) this.ended = true;
      return;
    }
    if (this.path.length > 0) return;
    const container = this.frames.at(-1) as SpnFrame;
    this.handlers.onUnit(element, container);
  }

  private text(text: string): void {
    if (this.skipped > 0) return;
    const element = this.path.at(-1);
    if (element !== undefined) element.text += text;
  }

  private element(name: string): SpnElement {
    return { name, file: this.file, line: this.parser.line, column: this.parser.column, text: '', children: [] };
  }

  private refuse(reason: string): never {
    return refuseFile({
      file: this.file,
      line: this.parser.line,
      column: `character ${this.parser.column + 1}`,
      reason,
    });
  }

  private refuseForeignStart(chunk: Uint8Array): void {
    const [first, second] = chunk;
    if (first === 0x1f && second === 0x8b)
      refuseFile({ file: this.file, line: 1, reason: 'a gzip archive; unpack it' });
    if (first === 0x50 && second === 0x4b) refuseFile({ file: this.file, line: 1, reason: 'a zip archive; unpack it' });
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
      refuseFile({ file: this.file, line: 1, reason: 'UTF-16 text; save the file as UTF-8' });
  }
}

/** The parser puts the place in front of its message; the refusal has it already. */
function reasonOf(message: string): string {
  const reason = message.replace(/^(?:[^:]*:)?\d+:\d+: /, '');
  if (/undefined entity/.test(reason)) return 'an entity other than the five of XML; entities are never read';
  if (/unmatched closing tag|unexpected close tag|unclosed tag/.test(reason)) return `wrong nesting: ${reason}`;
  return `not well-formed XML: ${reason}`;
}
