import { computeRequirement } from '@ballast/margin';
import { Decimal } from 'decimal.js';
import { first } from '../../domain/src/first';

/** Breaks the floor on purpose: a clock, chance, a log and an engine-dependent exponential. */
export function badPrice(): number {
  console.log(Date.now(), Math.random(), computeRequirement, Decimal, first);
  return Math.exp(1);
}
