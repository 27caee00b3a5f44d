import type { RecommendedBuffer } from '@ballast/use-cases';
import { toRecommendedBuffer } from './to-recommended-buffer';

const found = {
  amount: 600,
  buffer: -1501,
  reviewInterval: 1,
  components: [
    { name: 'liquidity', amount: 5, inputs: { halfSpread: 5 }, explanation: ['A: no volume'], binding: false },
    {
      name: 'leverage',
      amount: 600,
      inputs: { leverage: Infinity, share: 0.4, maintenance: 1500 },
      explanation: [],
      binding: true,
    },
  ],
  parameters: { source: 'house' },
  warnings: ['few returns'],
} as unknown as RecommendedBuffer;

describe('toRecommendedBuffer', () => {
  it('names the component that binds, and a leverage without limit as null', () => {
    const answer = toRecommendedBuffer(found, 'USD');
    expect(answer).toMatchObject({ quality: 'OK', currency: 'USD', amount: 600, buffer: -1501, source: 'house' });
    expect(answer.binding?.name).toBe('leverage');
    expect(answer.components.map(({ explanation }) => explanation)).toEqual([['A: no volume'], []]);
    expect(answer.components[1]?.inputs).toEqual([
      { name: 'leverage', value: null },
      { name: 'share', value: 0.4 },
      { name: 'maintenance', value: 1500 },
    ]);
  });

  it('binds nothing where nothing is asked for', () => {
    const calm = { ...found, amount: 0, components: found.components.map((item) => ({ ...item, binding: false })) };
    expect(toRecommendedBuffer(calm, 'USD').binding).toBeNull();
  });

  it('of an account that cannot be valued is empty, not 0', () => {
    expect(toRecommendedBuffer(null, 'USD')).toMatchObject({ quality: 'INDETERMINATE', amount: null, components: [] });
  });
});
