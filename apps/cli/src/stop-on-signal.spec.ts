import { stopBeforeWork, stopOnSignal } from './stop-on-signal';

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

describe('stopBeforeWork', () => {
  const listeners = () => [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('says at %s that nothing was done, and ends with %i', (signal, exitCode) => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    const written = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    stopBeforeWork('replay');
    process.emit(signal, signal);
    expect(exit).toHaveBeenCalledWith(exitCode);
    expect(written.mock.calls).toEqual([[expect.stringMatching(/^replay: stopped before it began; nothing was done/)]]);
    stopOnSignal().end();
    exit.mockRestore();
    written.mockRestore();
  });

  it('leaves the signals to the command once that listens, which says what it was given', () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    const written = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const before = listeners();
    stopBeforeWork('replay');
    const stop = stopOnSignal('stops soon');
    process.emit('SIGINT', 'SIGINT');
    expect([exit.mock.calls, written.mock.calls, stop.signal.aborted]).toEqual([[], [['stops soon\n']], true]);
    stop.end();
    expect(listeners()).toEqual(before);
    exit.mockRestore();
    written.mockRestore();
  });
});
