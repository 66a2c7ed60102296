/**
 * Zod brings its messages in some fifty languages: 264 KB that every function with schemas would load, of which it uses one. A
 * plugin of esbuild that leaves the English ones.
 */
export const ZOD_IN_ENGLISH = {
  name: 'zod-in-english',
  setup: (build) => {
    build.onLoad({ filter: /\/node_modules\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};
