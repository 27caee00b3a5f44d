import fs from 'node:fs';
import path from 'node:path';
import { createOpenFolder } from './embedded-postgres-cluster';
import { PersistenceError } from './persistence-error';

/** What passes without another setting: no room, too many open files, a broken disk. */
const passingCodes = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO'];

/**
 * Makes the folder that DATA_DIR names, which the server user can pass through, and finds out whether files can be made in it.
 *
 * @throws PersistenceError 'CONFIGURATION_INVALID' naming DATA_DIR and its value where that cannot be
 */
export function openDataDir(folder: string): void {
  try {
    createOpenFolder(folder);
    // Rights alone do not tell: the superuser has them all, and some file systems take no files.
    fs.rmdirSync(fs.mkdtempSync(path.join(folder, 'probe-')));
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    if (code === undefined || passingCodes.includes(code)) throw failure;
    const reason = `DATA_DIR: ${folder} cannot be written: ${message.replace(/, \w+ '.*$/, '')}`;
    throw new PersistenceError('CONFIGURATION_INVALID', reason, { cause: failure });
  }
}
