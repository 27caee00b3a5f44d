import fs from 'node:fs';

/** Length of a tick of `/proc/PID/stat` [s]; 100 a second on every Linux that Node supports. */
const tick = 1 / 100;

/**
 * Processor time a process has taken since it began, user and system [s].
 *
 * @returns null where the system does not tell, or the process has ended
 */
export function processorSeconds(pid: number): number | null {
  try {
    const line = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold blanks, so columns are counted behind it.
    const columns = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return (Number(columns[11]) + Number(columns[12])) * tick;
  } catch {
    return null;
  }
}

/** Sum over several processes [s]; null when none of them can be read. */
export function processorSecondsOf(pids: readonly number[]): number | null {
  const known = pids.map(processorSeconds).filter((seconds) => seconds !== null);
  return known.length === 0 ? null : known.reduce((sum, seconds) => sum + seconds, 0);
}
