const { TestEnvironment } = require('jest-environment-node');

/**
 * Node, and with the error of a test that failed what its pages showed then (tests/support/browser.ts): a wait that was in vain
 * says little alone.
 */
module.exports = class TellingEnvironment extends TestEnvironment {
  async handleTestEvent(event) {
    if (event.name !== 'test_fn_failure') return;
    const shown = await this.global.whatPagesShow?.();
    if (shown && event.error instanceof this.global.Error) event.error.stack += `\n${shown}`;
  }
};
