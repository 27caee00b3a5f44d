import { stopOnSignal } from './stop-on-signal';

describe('stopOnSignal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('turns %s into a wish, and tells the code %i to end with', (signal, exitCode) => {
    const stop = stopOnSignal();
    expect(stop.signal.aborted).toBe(false);
    process.emit(signal, signal);
    expect([stop.signal.aborted, stop.exitCode()]).toEqual([true, exitCode]);
    stop.end();
  });

  it('ends the process on the second signal, and not once it gave the signals back', () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    const before = process.listenerCount('SIGINT');
    const stop = stopOnSignal();
    process.emit('SIGINT', 'SIGINT');
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGINT', 'SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
    stop.end();
    expect(process.listenerCount('SIGINT')).toBe(before);
    exit.mockRestore();
  });

  it('aborts what still waits at the end', () => {
    const stop = stopOnSignal();
    stop.end();
    expect(stop.signal.aborted).toBe(true);
  });
});
