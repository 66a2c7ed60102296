/** Stands in for the AWS SDK's search for keys (environment, files, metadata services): our clients are given theirs. */
export const defaultProvider = () => async () => {
  throw new Error('this client was made without keys');
};
