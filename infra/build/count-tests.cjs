const { appendFileSync } = require('node:fs');
const { relative } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

const LINES_MAX = 12;
const LINE_MAX = 700;

/** An error without colours, empty lines and the test runner's own places, as lines to be read under a name. */
function beginning(error) {
  const lines = stripVTControlCharacters(error)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('/node_modules/'));
  return lines
    .slice(0, LINES_MAX)
    .map((line) => `\n    ${line.trim().slice(0, LINE_MAX)}`)
    .join('');
}

/**
 * A reporter of jest's that adds the counts of its run and what failed, each with its name and the beginning of its error, as a
 * line of JSON, to the file that YIPAN_TEST_COUNTS names.
 */
module.exports = class CountTests {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests } = results;
    const file = process.env.YIPAN_TEST_COUNTS;
    if (!file) return;
    const failed = Math.max(numFailedTests, numFailedTestSuites);
    const failures = results.testResults.flatMap(({ testFilePath, failureMessage, testResults }) => {
      const test = relative(process.cwd(), testFilePath);
      const ofFile = testResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${test}: ${fullName}${beginning(failureMessages.join('\n'))}`);
      return failureMessage && ofFile.length === 0 ? [`${test}: did not run${beginning(failureMessage)}`] : ofFile;
    });
    const line = { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, failures };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
};
