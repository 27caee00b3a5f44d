// The scan points of an .spn file: they must be the sixteen of the field, in their order.
import type { ExtremePair } from './spn-commodity';
import { chooseByRate } from './spn-account-rates';
import { childOf, childrenOf, numberOf, refuseElement, requiredNumber, type SpnElement } from './spn-element';

const thirds = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3] as const;
const scenarioCount = 16;

/** Extreme pair where a file states no scan points. */
export const usualExtremes: ExtremePair = { multiplier: 3, cover: 0.33 };

/**
 * Reads the extreme multiplier and the cover fraction from the `pointDef` of a rate, and refuses points in another order
 * than the field's, because the arrays are read by position.
 *
 * @throws FileRefusal naming the point
 */
export function readScanPoints(definitions: readonly SpnElement[], rate: number): ExtremePair {
  const chosen = chooseByRate(definitions, rate);
  if (chosen === undefined) return usualExtremes;
  const points = childrenOf(chosen, 'scanPointDef');
  if (points.length !== scenarioCount) refuseElement(chosen, `${points.length} points`, 'sixteen scan points');
  points.forEach((point, index) => {
    const number = requiredNumber(point, 'point');
    if (number !== index + 1) refuseElement(point, `${number}`, `expected point ${index + 1} here`);
    const paired = numberOf(point, 'pairedPoint') ?? pairOf(number);
    if (paired !== pairOf(number)) refuseElement(point, `${paired}`, `expected pairedPoint ${pairOf(number)}`);
    const expected = thirds[index];
    if (expected !== undefined && Math.abs(moveOf(point) * 3 - expected) > 0.01)
      refuseElement(point, `${moveOf(point)}`, `expected a price move of ${expected}/3 of the scan range`);
  });
  const up = points[14] as SpnElement;
  const down = points[15] as SpnElement;
  const multiplier = Math.abs(moveOf(up));
  if (moveOf(up) <= 0 || moveOf(down) >= 0) refuseElement(up, undefined, 'points 15 and 16 move up and down');
  return { multiplier, cover: numberOf(up, 'weight') ?? usualExtremes.cover };
}

function pairOf(point: number): number {
  if (point >= 15) return point;
  return point % 2 === 0 ? point - 1 : point + 1;
}

/** Price move of a point in scan ranges: mult × numerator / denominator. */
function moveOf(point: SpnElement): number {
  const definition = childOf(point, 'priceScanDef');
  if (definition === undefined) return 0;
  const denominator = numberOf(definition, 'denominator') ?? 1;
  if (denominator === 0) refuseElement(definition, '0', 'a denominator other than 0');
  return ((numberOf(definition, 'mult') ?? 1) * (numberOf(definition, 'numerator') ?? 1)) / denominator;
}
