const { readFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * YIPAN_SECRETS of a stage, for serverless.yml: from the environment; for `sls invoke local` in stage dev the made-up
 * ones of events/sample-secrets.json. Those never get into a package, since everybody knows them: a function packaged
 * without secrets refuses to start.
 */
module.exports = async ({ resolveVariable }) => {
  const given = process.env.YIPAN_SECRETS;
  if (given) return given;
  const stage = await resolveVariable('sls:stage');
  const onThisMachine = process.argv.includes('invoke') && process.argv.includes('local');
  if (stage !== 'dev' || !onThisMachine) return '';
  return JSON.stringify(JSON.parse(readFileSync(join(__dirname, '../../events/sample-secrets.json'), 'utf8')));
};
