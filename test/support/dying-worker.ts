import { runWorkerProcess } from '../../apps/worker/src/run-worker-process';

/** A worker that is gone, without a word, as soon as it is handed the shard of its argument. */
const fatal = Number(process.argv[2]);

runWorkerProcess({
  onDelivery: ({ shard }) => {
    if (shard === fatal) process.kill(process.pid, 'SIGKILL');
  },
}).catch((failure: unknown) => {
  process.stderr.write(`${String(failure)}\n`);
  process.exitCode = 1;
});
