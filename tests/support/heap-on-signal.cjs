const { writeSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

// Loaded into a host before its own code (NODE_OPTIONS): told so by a signal, it collects its garbage and says on its error
// output what it still holds. The product has no address for that.

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  // What the first round lets go of may hold more.
  for (let round = 0; round < 3; round += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  writeSync(2, `${JSON.stringify({ event: 'host-holds', heldBytes: heapUsed + external })}\n`);
});
