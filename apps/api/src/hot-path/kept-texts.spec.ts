import { KeptTexts } from './kept-texts';

describe('KeptTexts', () => {
  it('keeps a text per value and place', () => {
    const kept = new KeptTexts();
    const [one, other] = [kept.place(), kept.place()];
    const value = {};
    one.set(value, 'written');
    expect([one.get(value), one.get({}), other.get(value)]).toEqual(['written', undefined, undefined]);
  });

  it('lets everything go when it becomes too much, and keeps what comes then', () => {
    const kept = new KeptTexts(10);
    const [one, other] = [kept.place(), kept.place()];
    const [first, second] = [{}, {}];
    one.set(first, '123456');
    other.set(first, '1234');
    expect([one.get(first), other.get(first)]).toEqual(['123456', '1234']);
    other.set(second, '1');
    expect([one.get(first), other.get(first), other.get(second)]).toEqual([undefined, undefined, '1']);
  });
});
