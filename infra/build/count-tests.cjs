const { appendFileSync } = require('node:fs');
const { relative } = require('node:path');

/**
 * A reporter of jest's that adds the counts of its run and the names of what failed, as a line of JSON, to the file that
 * YIPAN_TEST_COUNTS names.
 */
module.exports = class CountTests {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests } = results;
    const file = process.env.YIPAN_TEST_COUNTS;
    if (!file) return;
    const failed = Math.max(numFailedTests, numFailedTestSuites);
    const names = results.testResults.flatMap(({ testFilePath, failureMessage, testResults }) => {
      const test = relative(process.cwd(), testFilePath);
      const ofFile = testResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName }) => `${test}: ${fullName}`);
      return failureMessage && ofFile.length === 0 ? [`${test}: did not run`] : ofFile;
    });
    const line = { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, names };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
};
