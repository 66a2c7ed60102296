import type { ActualFunction } from './actual-state';
import { ALIAS, readMark } from './desired-state';
import type { FunctionGraph } from './function-graph';
import type { Stage } from './stage-file';
import { urnOf } from './stage-file';

/** Reads one function; undefined where there is none. */
async function readFunction(
  api: FunctionGraph,
  functionName: string,
  urn: string,
): Promise<ActualFunction | undefined> {
  const found = await api.configuration(urn);
  if (!found) return undefined;
  const versions = await api.versions(urn);
  const alias = (await api.aliases(urn)).find(({ name }) => name === ALIAS);
  return {
    ...{ functionName, urn, versions, alias, configuration: found.configuration, instancesMax: found.instancesMax },
    failures: {
      latest: await api.failureHandling(`${urn}:latest`),
      live: alias && (await api.failureHandling(alias.urn)),
    },
    triggers: alias ? await api.triggers(alias.urn) : [],
  };
}

/** All functions that this tool has made in a stage, those whose folder is gone, too. */
export async function readStage(api: FunctionGraph, stage: Stage): Promise<ActualFunction[]> {
  const names = await api.functionNames(stage.package, `${stage.namePrefix}-`);
  const read = [];
  for (const name of names) read.push(await readFunction(api, name, urnOf(stage, name)));
  return read.filter((one) => one !== undefined).filter(isOurs);
}

const isOurs = ({ configuration }: ActualFunction): boolean =>
  readMark(configuration['description'] ?? '') !== undefined;
