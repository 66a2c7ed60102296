/** Where zod looks for its settings when it is first loaded. */
const ZOD_SETTINGS = '__zod_globalConfig';

// Left alone, zod tries whether it may make functions from text, which the page's content security policy refuses and reports.
Object.assign(globalThis, { [ZOD_SETTINGS]: { jitless: true } });
