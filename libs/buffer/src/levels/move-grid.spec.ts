import { moveGrid } from './move-grid';

describe('moveGrid', () => {
  it('is dense around now, holds both ends and the strikes within, ascending', () => {
    const grid = moveGrid({ from: -1, to: 4, kinks: [0.0731, 7, 0.0731] });
    expect(grid[0]).toBe(-1);
    expect(grid.at(-1)).toBe(4);
    expect(grid).toEqual([...new Set(grid)].sort((left, right) => left - right));
    expect(grid.filter((move) => Math.abs(move) <= 0.2)).toHaveLength(42);
    expect(grid).toContain(0.0731);
    expect(grid).not.toContain(7);
    expect(grid.filter((move) => move >= 1)).toHaveLength(16);
  });
});
