import { DomainError } from '@ballast/domain';
import type { MarginRequirement, ModelFigures, UnderlyingGreeks } from './margin-requirement';

/** What a requirement consists of besides its rounded amounts: unrounded figures, losses per scenario, Greeks. */
export interface RequirementFigures {
  readonly model: ModelFigures | null;
  /** Losses in the order of the methodology, group by group. */
  readonly losses: readonly { readonly group: string; readonly index: number; readonly loss: number }[];
  readonly greeks: readonly UnderlyingGreeks[];
}

/** Layout of the bytes; another layout would be another number. */
const layout = 1;
const optionalFigures = ['markToMarket', 'initialHealth', 'maintenanceHealth'] as const;
const greekNames = ['delta', 'gamma', 'vega', 'theta', 'rho'] as const;

/**
 * Writes the figures of a requirement as bytes, so that two requirements of the same bits are the same bytes and a run
 * need not keep a text per scenario.
 *
 * Little-endian: layout number (u8); presence of the model's figures (u8, bit 0 the model, bits 1–3 its optional ones)
 * and the figures (f64); groups (u16), each as name, rows (u16), and per row scenario number (u16) and loss (f64);
 * underlyings (u16), each as name, delta, gamma, vega, theta, rho (f64). A name is its length (u16) and its UTF-16 units.
 */
export function encodeRequirementFigures(
  requirement: Pick<MarginRequirement, 'model' | 'scenarios' | 'greeks'>,
): Uint8Array {
  const { model, scenarios, greeks } = requirement;
  const groups: { readonly name: string; readonly indexes: number[]; readonly losses: number[] }[] = [];
  for (const { group: name, index, loss } of scenarios) {
    let last = groups.at(-1);
    if (last?.name !== name) groups.push((last = { name, indexes: [], losses: [] }));
    last.indexes.push(index);
    last.losses.push(loss);
  }
  return encodeGroupedFigures(model, groups, greeks);
}

/** Losses of the scenarios of one group, in the order of the methodology. */
export interface FigureGroup {
  readonly name: string;
  /** Numbers of the scenarios. */
  readonly indexes: readonly number[];
  /** One per number. */
  readonly losses: ArrayLike<number>;
}

/** Writes what encodeRequirementFigures writes, from rows that stand together already. */
export function encodeGroupedFigures(
  model: ModelFigures | null,
  groups: readonly FigureGroup[],
  greeks: readonly UnderlyingGreeks[],
): Uint8Array {
  let size = 2 + sizeOfModel(model) + 2 + 2;
  for (const { name, indexes } of groups) size += 4 + 2 * name.length + 10 * indexes.length;
  for (const { underlying } of greeks) size += 2 + 2 * underlying.length + 8 * greekNames.length;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = writeModel(view, model);
  view.setUint16(at, groups.length, true);
  at += 2;
  for (const { name, indexes, losses } of groups) {
    at = writeName(view, at, name);
    view.setUint16(at, indexes.length, true);
    at += 2;
    for (let row = 0; row < indexes.length; row += 1) {
      view.setUint16(at, indexes[row] as number, true);
      view.setFloat64(at + 2, losses[row] as number, true);
      at += 10;
    }
  }
  view.setUint16(at, greeks.length, true);
  at += 2;
  for (const one of greeks) {
    at = writeName(view, at, one.underlying);
    view.setFloat64(at, one.delta, true);
    view.setFloat64(at + 8, one.gamma, true);
    view.setFloat64(at + 16, one.vega, true);
    view.setFloat64(at + 24, one.theta, true);
    view.setFloat64(at + 32, one.rho, true);
    at += 40;
  }
  return bytes;
}

/** Reads what encodeRequirementFigures wrote. @throws DomainError 'INVALID_PARAMETER' for bytes of another layout */
export function decodeRequirementFigures(bytes: Uint8Array): RequirementFigures {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 2 || view.getUint8(0) !== layout)
    throw new DomainError(
      'INVALID_PARAMETER',
      `figures of layout ${bytes[0] ?? 'none'}, expected ${layout}`,
      'figures',
    );
  const cursor = { at: 1 };
  const model = readModel(view, cursor);
  const losses: { readonly group: string; readonly index: number; readonly loss: number }[] = [];
  for (let groups = readCount(view, cursor); groups > 0; groups -= 1) {
    const group = readName(view, cursor);
    for (let rows = readCount(view, cursor); rows > 0; rows -= 1) {
      const index = readCount(view, cursor);
      losses.push({ group, index, loss: readFigure(view, cursor) });
    }
  }
  const greeks: UnderlyingGreeks[] = [];
  for (let underlyings = readCount(view, cursor); underlyings > 0; underlyings -= 1) {
    const underlying = readName(view, cursor);
    const [delta, gamma, vega, theta, rho] = greekNames.map(() => readFigure(view, cursor)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    greeks.push({ underlying, delta, gamma, vega, theta, rho });
  }
  return { model, losses, greeks };
}

function sizeOfModel(model: ModelFigures | null): number {
  if (model === null) return 0;
  let figures = 3;
  for (const name of optionalFigures) if (model[name] !== undefined) figures += 1;
  return 8 * figures;
}

function writeModel(view: DataView, model: ModelFigures | null): number {
  view.setUint8(0, layout);
  if (model === null) return 2;
  let presence = 1;
  view.setFloat64(2, model.initialRequirement, true);
  view.setFloat64(10, model.maintenanceRequirement, true);
  view.setFloat64(18, model.netOptionValue, true);
  let at = 26;
  optionalFigures.forEach((name, index) => {
    const value = model[name];
    if (value === undefined) return;
    presence |= 2 << index;
    view.setFloat64(at, value, true);
    at += 8;
  });
  view.setUint8(1, presence);
  return at;
}

function readModel(view: DataView, cursor: { at: number }): ModelFigures | null {
  const presence = view.getUint8(cursor.at);
  cursor.at += 1;
  if ((presence & 1) === 0) return null;
  const model: Record<string, number> = {
    initialRequirement: readFigure(view, cursor),
    maintenanceRequirement: readFigure(view, cursor),
    netOptionValue: readFigure(view, cursor),
  };
  optionalFigures.forEach((name, index) => {
    if ((presence & (2 << index)) !== 0) model[name] = readFigure(view, cursor);
  });
  return model as unknown as ModelFigures;
}

function writeName(view: DataView, start: number, name: string): number {
  view.setUint16(start, name.length, true);
  let at = start + 2;
  for (let index = 0; index < name.length; index += 1) {
    view.setUint16(at, name.charCodeAt(index), true);
    at += 2;
  }
  return at;
}

function readName(view: DataView, cursor: { at: number }): string {
  let name = '';
  for (let left = readCount(view, cursor); left > 0; left -= 1) name += String.fromCharCode(readCount(view, cursor));
  return name;
}

function readCount(view: DataView, cursor: { at: number }): number {
  const value = view.getUint16(cursor.at, true);
  cursor.at += 2;
  return value;
}

function readFigure(view: DataView, cursor: { at: number }): number {
  const value = view.getFloat64(cursor.at, true);
  cursor.at += 8;
  return value;
}
