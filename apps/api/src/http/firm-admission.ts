/** Why a request was not let in. */
export type AdmissionRefusal = 'queue-full' | 'waited-too-long';

export interface FirmAdmission {
  /**
   * Waits for a place among the firm's requests and takes it.
   *
   * @param maximumWait  [ms]
   * @returns the release of the place, safe to call twice; or why there was none
   */
  readonly enter: (firmId: string, maximumWait: number) => Promise<(() => void) | AdmissionRefusal>;
}

interface Waiting {
  readonly admit: (release: () => void) => void;
  readonly timer: NodeJS.Timeout;
}

interface FirmState {
  active: number;
  readonly queue: Set<Waiting>;
}

/**
 * Bounds how many requests of one firm are answered at once, so that a firm that asks for much waits for itself and
 * leaves connections and processor to the others. The rest waits in the order of arrival, a bounded number of them.
 *
 * @param limits.active  requests of one firm answered at once, ≥ 1
 * @param limits.queued  requests of one firm that may wait, ≥ 0
 */
export function openFirmAdmission(limits: { readonly active: number; readonly queued: number }): FirmAdmission {
  const firms = new Map<string, FirmState>();

  const releaseOf = (firmId: string, state: FirmState): (() => void) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const [next] = state.queue;
      if (next === undefined) {
        state.active -= 1;
        if (state.active === 0) firms.delete(firmId);
        return;
      }
      state.queue.delete(next);
      clearTimeout(next.timer);
      next.admit(releaseOf(firmId, state));
    };
  };

  return {
    enter: async (firmId, maximumWait) => {
      const state = firms.get(firmId) ?? { active: 0, queue: new Set() };
      firms.set(firmId, state);
      if (state.active < limits.active) {
        state.active += 1;
        return releaseOf(firmId, state);
      }
      if (state.queue.size >= limits.queued) return 'queue-full';
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          state.queue.delete(waiting);
          resolve('waited-too-long');
        }, maximumWait);
        const waiting: Waiting = { admit: resolve, timer };
        state.queue.add(waiting);
      });
    },
  };
}
