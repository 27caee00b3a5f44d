const Sequencer = require('@jest/test-sequencer').default;

/** Without a record of durations jest begins with the largest files; the drills are a small file that takes minutes. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => /[\\/]test[\\/]drills[\\/]/.test(path);
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
