import v8 from 'node:v8';

/** Bytes of bytecode that a function runs before V8 considers to optimise it: V8's own figure, and that of a first start. */
const usualBudget = 66 * 1024;
const firstStartBudget = 600_000;

/**
 * Has V8 optimise only what runs longest. A first start runs much code for a few seconds each: optimising it as usual takes a
 * fifth of the processor time, which the threads that compute then lack.
 */
export function compileSparingly(): void {
  v8.setFlagsFromString(`--interrupt-budget=${firstStartBudget}`);
}

/** Has V8 optimise as it does by itself. */
export function compileAsUsual(): void {
  v8.setFlagsFromString(`--interrupt-budget=${usualBudget}`);
}
