import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PersistenceError } from './persistence-error';

/** Passwords of the embedded server's roles. */
export interface ServerSecrets {
  /** Made by initdb; used to create roles and databases, and by nothing else. */
  readonly superuser: string;
  /** Owns the tables and runs migrations. */
  readonly owner: string;
  /** What the application works as. */
  readonly app: string;
  /** Holds a connection that says "this process uses the server"; has no right to anything. */
  readonly lease: string;
  /** Owns the job queue. */
  readonly jobs: string;
}

const fileName = 'postgres-secrets.json';

/** Makes new passwords and stores them, readable by this user only, before anything depends on them. */
export function createSecrets(dataDir: string): ServerSecrets {
  const secrets: ServerSecrets = {
    superuser: newPassword(),
    owner: newPassword(),
    app: newPassword(),
    lease: newPassword(),
    jobs: newPassword(),
  };
  writeSecrets(dataDir, secrets);
  return secrets;
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function writeSecrets(dataDir: string, secrets: ServerSecrets): void {
  const file = path.join(dataDir, fileName);
  const draft = `${file}.${process.pid}`;
  const handle = fs.openSync(draft, 'w', 0o600);
  fs.writeSync(handle, `${JSON.stringify(secrets, null, 2)}\n`);
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(draft, file);
}

/**
 * Reads the passwords; an installation from before the job queue gets one for it, which the start of the server gives to the role.
 *
 * @throws PersistenceError 'CONFIGURATION_INVALID' when the file is missing, unreadable or damaged
 */
export function readSecrets(dataDir: string): ServerSecrets {
  const file = path.join(dataDir, fileName);
  try {
    const { superuser, owner, app, lease, jobs } = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<ServerSecrets>;
    if (!superuser || !owner || !app || !lease) throw new Error('a password is missing');
    if (jobs) return { superuser, owner, app, lease, jobs };
    const completed = { superuser, owner, app, lease, jobs: newPassword() };
    writeSecrets(dataDir, completed);
    return completed;
  } catch (failure) {
    const reason = (failure as Error).message;
    throw new PersistenceError('CONFIGURATION_INVALID', `${file} does not hold the passwords of the server: ${reason}`);
  }
}
