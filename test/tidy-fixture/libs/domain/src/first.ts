import { second } from './second';

export function first(): number {
  return second();
}
