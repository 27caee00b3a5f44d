// Portfolio files of several accounts, from files and folders.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AccountFile } from '@ballast/file-use-cases';
import { readTextFile } from '../analysis/answer-question';

/**
 * Reads portfolio files; of a folder every `*.json` in it. An account is named after its file, without the ending.
 *
 * @throws FileRefusal when a path names nothing readable
 */
export async function readAccountFiles(paths: readonly string[]): Promise<readonly AccountFile[]> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const accounts: AccountFile[] = [];
  for (const path of files)
    accounts.push({ code: basename(path).replace(/\.json$/i, ''), ...(await readTextFile(path)) });
  return accounts;
}

async function filesAt(path: string): Promise<readonly string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.json$/i.test(name))
    .sort()
    .map((name) => join(path, name));
}
