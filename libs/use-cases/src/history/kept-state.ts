import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Reads what `writeKeptState` wrote; null where there is nothing, or nothing whole. */
export async function readKeptState<State>(file: string): Promise<State | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as State | null;
  } catch {
    return null;
  }
}

/** Replaces a file whole, so that a process that dies while writing leaves the state before; makes its folder. */
export async function writeKeptState(file: string, state: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(state));
  await rename(draft, file);
}

export async function removeKeptState(file: string): Promise<void> {
  await rm(file, { force: true });
}
