import { runWorkerProcess } from '../../apps/worker/src/run-worker-process';

/** A worker that says on standard output which shard it is handed, before it begins with it. */
runWorkerProcess({ onDelivery: ({ shard }) => void process.stdout.write(`DELIVERY ${shard}\n`) }).catch(
  (failure: unknown) => {
    process.stderr.write(`${String(failure)}\n`);
    process.exitCode = 1;
  },
);
