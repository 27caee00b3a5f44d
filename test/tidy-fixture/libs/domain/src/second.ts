import { first } from './first';

export function second(): number {
  return first();
}
