const { appendFileSync } = require('node:fs');

/** A reporter of jest's that adds the counts of its run, as a line of JSON, to the file that YIPAN_TEST_COUNTS names. */
module.exports = class CountTests {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests } = results;
    const file = process.env.YIPAN_TEST_COUNTS;
    if (!file) return;
    const failed = Math.max(numFailedTests, numFailedTestSuites);
    const line = { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
};
