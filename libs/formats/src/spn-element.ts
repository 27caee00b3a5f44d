// A small element of an .spn file, buffered whole, and strict readers of its values.
import { refuseFile } from './file-refusal';
import { formatContractMonth } from './risk-parameter-file';

/** An element with its place; `text` is the text directly inside it. */
export interface SpnElement {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  text: string;
  readonly children: SpnElement[];
}

const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

export function childOf(element: SpnElement, name: string): SpnElement | undefined {
  for (const child of element.children) if (child.name === name) return child;
  return undefined;
}

export function childrenOf(element: SpnElement, name: string): readonly SpnElement[] {
  return element.children.filter((child) => child.name === name);
}

/** Text of a child without white space around it; undefined when the child is absent or empty. */
export function textOf(element: SpnElement, name: string): string | undefined {
  const text = childOf(element, name)?.text.trim();
  return text === '' ? undefined : text;
}

/** @throws FileRefusal when the child is absent or empty */
export function requiredText(element: SpnElement, name: string): string {
  return textOf(element, name) ?? refuseElement(element, undefined, `${element.name} has no ${name}`);
}

/** Number of a child; undefined when absent or empty. @throws FileRefusal when it is no finite number */
export function numberOf(element: SpnElement, name: string): number | undefined {
  const child = childOf(element, name);
  if (child === undefined || child.text.trim() === '') return undefined;
  return numberIn(child);
}

export function requiredNumber(element: SpnElement, name: string): number {
  return numberOf(element, name) ?? refuseElement(element, undefined, `${element.name} has no ${name}`);
}

/** Number in an element. @throws FileRefusal when it is no finite number */
export function numberIn(element: SpnElement): number {
  const text = element.text.trim();
  const value = numberPattern.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) refuseElement(element, text, 'expected a number such as -1234.5');
  return value;
}

/** Contract month of a child as `YYYY-MM` or `YYYY-MM-DD`; undefined when absent. @throws FileRefusal */
export function monthOf(element: SpnElement, name: string): string | undefined {
  const text = textOf(element, name);
  if (text === undefined || /^0+$/.test(text)) return undefined;
  const month = formatContractMonth(text);
  return month ?? refuseElement(childOf(element, name) as SpnElement, text, 'expected a contract month such as 202509');
}

/** Truth of a child: 1, Y, true against 0, N, false or absence. */
export function flagOf(element: SpnElement, name: string): boolean {
  return /^(?:1|Y|YES|TRUE)$/i.test(textOf(element, name) ?? '');
}

/** Refuses the file because of one element. */
export function refuseElement(element: SpnElement, value: string | undefined, reason: string): never {
  const column = `${element.name} (character ${element.column})`;
  return refuseFile({
    file: element.file,
    line: element.line,
    column,
    ...(value === undefined ? {} : { value }),
    reason,
  });
}
