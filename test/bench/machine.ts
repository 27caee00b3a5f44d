/**
 * The machine and the software a table of rates belongs to.
 */
import os from 'node:os';
import { compilerFlags, compilerVersion } from './native-contestants';

/** Describes processor, memory, system, engine and compiler in one paragraph. */
export function describeMachine(): string {
  const [processor] = os.cpus();
  const model = `${processor?.model.trim() ?? 'unknown processor'}, ${os.cpus().length} logical cores`;
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const compiler = compilerVersion();
  return [
    `${model}, ${memory}; ${os.type()} ${os.release()} ${os.arch()}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    compiler === null ? 'no C++ compiler' : `${compiler}, ${compilerFlags.join(' ')}`,
    `load average before the run ${(os.loadavg()[0] as number).toFixed(2)}`,
  ].join('; ');
}
