import { runDeploy } from './run-deploy';

/** `npm run deploy:huawei`: the functions on Huawei FunctionGraph. */
runDeploy(process.argv.slice(2), process.env, process.cwd(), (text) => process.stdout.write(text)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`deploy: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
