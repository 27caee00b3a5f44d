export { black76Rows, blackScholesPrices, blackScholesRows } from './rows';
export { scenarioGrid } from './scenario-grid';

/** Changes with the layout of columns and the meaning of exports, so that a stale build is refused. */
export function kernelVersion(): i32 {
  return 1;
}

/** First byte after constants and blocks: the host lays out its columns from here. */
export function scratchStart(): usize {
  return (__heap_base + 63) & ~63;
}
