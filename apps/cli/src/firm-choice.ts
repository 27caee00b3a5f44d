// Which firm a command works on.
import { userInfo } from 'node:os';
import type { Firm, FirmStore } from '@ballast/persistence';
import { CommandFailure, exitCodes } from './exit-code';

/**
 * Finds the firm of `--firm`, or the only one there is.
 *
 * @throws CommandFailure with exit code 2 when the option is needed, 3 when no such firm exists
 */
export async function chooseFirm(firms: FirmStore, code: string | undefined): Promise<Firm> {
  if (code !== undefined) {
    const firm = await firms.findByCode(code);
    if (firm !== null) return firm;
    const known = (await firms.findAll()).map((other) => other.code);
    const list = known.length === 0 ? 'there is none yet' : `there are ${known.join(', ')}`;
    throw new CommandFailure(exitCodes.dataRejected, `no firm ${code}: ${list}; importing accounts creates one`);
  }
  const [only, ...others] = await firms.findAll();
  if (only !== undefined && others.length === 0) return only;
  const codes = [only, ...others].flatMap((firm) => (firm === undefined ? [] : [firm.code]));
  const hint =
    codes.length === 0
      ? 'no firm exists yet; importing accounts with --firm CODE creates one'
      : `one of ${codes.join(', ')}`;
  throw new CommandFailure(exitCodes.usage, `--firm CODE is needed: ${hint}`);
}

/** Name of the operating system's user, written into what a command records; services and containers often set no USER. */
export function operatorName(): string {
  const { USER, LOGNAME, USERNAME } = process.env;
  const named = [USER, LOGNAME, USERNAME].find((name) => name !== undefined && name !== '');
  if (named !== undefined) return named;
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}
