import { instantOf, type Instant, parseInstant } from '@ballast/domain';
import { beginFirstStart, persistenceOptionsFromEnv } from '@ballast/first-start';
import { endEarlyOnSignal } from './early-end';

/**
 * Begins a first start of the demo before the service is loaded. What cannot be read is left to whoever reads it again and
 * says so: nothing is begun then.
 *
 * @param words  what follows `ballast demo` on the command line
 */
export async function beginDemo(words: readonly string[]): Promise<void> {
  try {
    const until = readUntil(words);
    if (until === null) return;
    endEarlyOnSignal();
    // The database is made step by step, and loading the service would keep every step waiting.
    const start = await beginFirstStart({ persistence: persistenceOptionsFromEnv(process.env), until });
    await start?.handedOver;
  } catch {
    // Told by the command, with its exit code.
  }
}

/** The instant that `--as-of` names, or now; null for words that ask for something else. */
function readUntil(words: readonly string[]): Instant | null {
  const rest = words.filter((word) => word !== '--json');
  if (rest.length === 0) return instantOf(Date.now());
  const [flag, text] = rest;
  return rest.length === 2 && flag === '--as-of' && text !== undefined ? parseInstant(text, '--as-of') : null;
}
