/** Steps of the scan: moves up to the first number in steps of the second. */
const steps = [
  { within: 0.2, step: 0.01 },
  { within: 0.5, step: 0.025 },
  { within: 1, step: 0.05 },
  { within: 4, step: 0.2 },
] as const;

const kinksMaximum = 60;

/**
 * Lists the relative moves at which a buffer is looked at: 1 % apart within ±20 %, 2.5 % within ±50 %, 5 % within ±100 %
 * and 20 % beyond, the two ends, and the moves that reach a strike, where a payoff bends (the 60 nearest).
 *
 * @returns ascending, without repetition, 0 always among them
 */
export function moveGrid(input: {
  readonly from: number;
  readonly to: number;
  readonly kinks: readonly number[];
}): readonly number[] {
  const { from, to } = input;
  const moves = new Set<number>([0, from, to]);
  let reached = 0;
  for (const { within, step } of steps) {
    const count = Math.round((within - reached) / step);
    for (let index = 1; index <= count; index += 1) {
      const move = Math.round((reached + index * step) * 1000) / 1000;
      moves.add(move).add(-move);
    }
    reached = within;
  }
  const nearest = [...new Set(input.kinks)].sort((left, right) => Math.abs(left) - Math.abs(right));
  for (const kink of nearest.slice(0, kinksMaximum)) moves.add(kink);
  return [...moves].filter((move) => move >= from && move <= to).sort((left, right) => left - right);
}
