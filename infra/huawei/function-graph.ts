import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { UserOptions } from '@huaweicloud/huaweicloud-sdk-core/UserOptions';
import * as sdk from '@huaweicloud/huaweicloud-sdk-functiongraph';
import { configure } from 'log4js';
import type { ActualAlias, ActualVersion } from './actual-state';
import { apiError, isAbsent, isPassing, isPresent } from './api-errors';
import type { Reply } from './api-replies';
import * as replies from './api-replies';
import { DeployError } from './deploy-error';
import type { Configuration, FailureHandling } from './desired-state';
import type { Retrying } from './retry';
import { retrying } from './retry';
import type { ActualTrigger } from './triggers';

// The SDK prints every refused request at ERROR, with the Authorization header and the whole body, encrypted settings and
// passwords included, and DEBUG=DEBUG in the environment makes it print all. It has set its logger up when it is loaded, which it
// is by now: this takes its place.
configure({
  appenders: { nowhere: { type: 'stdout' } },
  categories: { default: { appenders: ['nowhere'], level: 'off' } },
});

export interface ApiAccess {
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of temporary keys. */
  readonly securityToken: string | undefined;
}

/** An upload of some hundred KB, or a smoke test's cold start with its first calls, takes seconds; the SDK itself would wait for ever. */
const TIMEOUT_MS = 30_000;

/** A page of a list; the platform's largest. */
const PAGE_ITEMS = 400;

/** Pages of a list that are read at most: an account has 400 functions, a function 20 versions. */
const PAGES_MAX = 10;

type Body = Readonly<Record<string, unknown>>;

/**
 * FunctionGraph's API as far as a deployment needs it. Calls that were throttled, failed on the platform's side or got no answer
 * are repeated; then the first may have worked after all, so that "is there already" and "is not there" count as done. What cannot
 * be repeated blindly says so. Throws DeployError, which never holds a request's body.
 */
export class FunctionGraph {
  private readonly client: sdk.FunctionGraphClient;

  constructor(
    { endpoint, projectId, accessKey, secretKey, securityToken }: ApiAccess,
    private readonly retries: Retrying,
  ) {
    const credential = new BasicCredentials().withAk(accessKey).withSk(secretKey).withProjectId(projectId);
    if (securityToken) credential.withSecurityToken(securityToken);
    const options = Object.assign(new UserOptions(), { axiosRequestConfig: { timeout: TIMEOUT_MS } });
    this.client = sdk.FunctionGraphClient.newBuilder()
      .withCredential(credential)
      .withEndpoint(endpoint)
      .withOptions(options)
      .build();
  }

  /** Names of a package's functions that begin with a prefix. */
  async functionNames(packageName: string, prefix: string): Promise<string[]> {
    const names: string[] = [];
    let marker = '0';
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const request = new sdk.ListFunctionsRequest()
        .withMarker(marker)
        .withMaxitems(String(PAGE_ITEMS))
        .withPackageName(packageName)
        .withFuncName(prefix);
      const answer = await this.call('list functions', () => this.client.listFunctions(request));
      const { functions, next_marker: next } = replies.functions(answer);
      // The platform searches for the text anywhere in the name.
      names.push(...functions.map(({ func_name: name }) => name).filter((name) => name.startsWith(prefix)));
      if (functions.length < PAGE_ITEMS || next === undefined) return names.sort();
      marker = String(next);
    }
    throw new DeployError('BAD_ANSWER', `there are more than ${PAGES_MAX * PAGE_ITEMS} functions`, {
      advice: 'Deploy to a project of its own.',
    });
  }

  /** Undefined where there is no such function. */
  async configuration(
    urn: string,
  ): Promise<{ configuration: Configuration; instancesMax: number | undefined } | undefined> {
    const request = new sdk.ShowFunctionConfigRequest().withFunctionUrn(`${urn}:latest`);
    const answer = await this.unlessAbsent(`read ${urn}`, () => this.client.showFunctionConfig(request));
    return answer && replies.configuration(answer);
  }

  async createFunction(body: Body & { readonly func_name: string }): Promise<'done' | 'present'> {
    const request = new sdk.CreateFunctionRequest().withBody(body as unknown as sdk.CreateFunctionRequestBody);
    return this.unlessPresent(`create ${body.func_name}`, () => this.client.createFunction(request));
  }

  /** Replaces the latest code. The same code again is refused by the platform, and done as far as we are concerned. */
  async updateCode(urn: string, body: Body): Promise<void> {
    const request = new sdk.UpdateFunctionCodeRequest()
      .withFunctionUrn(`${urn}:latest`)
      .withBody(body as unknown as sdk.UpdateFunctionCodeRequestBody);
    try {
      await this.call(`update the code of ${urn}`, () => this.client.updateFunctionCode(request));
    } catch (error) {
      // The platform has no code of its own for it.
      if (
        !(
          error instanceof DeployError &&
          error.httpStatus === 400 &&
          /same code|code (is|was) not changed/i.test(error.message)
        )
      )
        throw error;
    }
  }

  async updateConfiguration(urn: string, body: Body): Promise<void> {
    const request = new sdk.UpdateFunctionConfigRequest()
      .withFunctionUrn(`${urn}:latest`)
      .withBody(body as unknown as sdk.UpdateFunctionConfigRequestBody);
    await this.call(`update the configuration of ${urn}`, () => this.client.updateFunctionConfig(request));
  }

  async limitInstances(urn: string, instancesMax: number): Promise<void> {
    const body = { max_instance_num: instancesMax };
    const request = new sdk.UpdateFunctionMaxInstanceConfigRequest()
      .withFunctionUrn(`${urn}:latest`)
      .withBody(body as unknown as sdk.UpdateFunctionMaxInstanceConfigRequestBody);
    await this.call(`limit the instances of ${urn}`, () => this.client.updateFunctionMaxInstanceConfig(request));
  }

  /** Of a function's latest code or of an alias; undefined where nothing was set. */
  async failureHandling(urn: string): Promise<FailureHandling | undefined> {
    const request = new sdk.ShowFunctionAsyncInvokeConfigRequest().withFunctionUrn(urn);
    const answer = await this.unlessAbsent(`read the failure handling of ${urn}`, () =>
      this.client.showFunctionAsyncInvokeConfig(request),
    );
    return answer && replies.failureHandling(answer);
  }

  async handleFailures(urn: string, { attemptsMax, ageSMax, topicUrn }: FailureHandling): Promise<void> {
    const body = {
      max_async_event_age_in_seconds: ageSMax,
      max_async_retry_attempts: attemptsMax,
      destination_config: { on_failure: { destination: 'SMN', param: JSON.stringify({ topic_urn: topicUrn }) } },
    };
    const request = new sdk.UpdateFunctionAsyncInvokeConfigRequest()
      .withFunctionUrn(urn)
      .withBody(body as unknown as sdk.UpdateFunctionAsyncInvokeConfigRequestBody);
    await this.call(`set the failure handling of ${urn}`, () => this.client.updateFunctionAsyncInvokeConfig(request));
  }

  /** Published versions; `latest`, which is none, is left out. */
  async versions(urn: string): Promise<ActualVersion[]> {
    const versions: ActualVersion[] = [];
    let marker = '0';
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const request = new sdk.ListFunctionVersionsRequest()
        .withFunctionUrn(urn)
        .withMarker(marker)
        .withMaxitems(String(PAGE_ITEMS));
      const answer = await this.call(`list the versions of ${urn}`, () => this.client.listFunctionVersions(request));
      const { versions: found, next_marker: next } = replies.versions(answer);
      versions.push(...found.map(({ version, last_modified: at }) => ({ name: version, modifiedAt: at })));
      if (found.length < PAGE_ITEMS || next === undefined) break;
      marker = String(next);
    }
    return versions.filter(({ name }) => name !== 'latest');
  }

  /** Publishes the latest code and configuration under a name. */
  async publishVersion(urn: string, version: string, description: string): Promise<void> {
    const body = { version, description };
    const request = new sdk.CreateFunctionVersionRequest()
      .withFunctionUrn(`${urn}:latest`)
      .withBody(body as unknown as sdk.CreateFunctionVersionRequestBody);
    try {
      await this.call(`publish ${version} of ${urn}`, () => this.client.createFunctionVersion(request));
    } catch (error) {
      // FSS.1062: the name is taken. FSS.1016: nothing has changed since the last version. Either may be our own earlier attempt.
      const isTaken = error instanceof DeployError && (error.code === 'FSS.1062' || error.code === 'FSS.1016');
      if (!isTaken) throw error;
      if ((await this.versions(urn)).some(({ name }) => name === version)) return;
      throw new DeployError('VERSION_TAKEN', `${urn}: ${version} is refused (${error.code}), and is not there`, {
        advice: 'A version with the same content has another name: delete it in the console, and apply again.',
      });
    }
  }

  /** Of a function: with a version's or no name behind it, the version or all of it, triggers and aliases included. */
  async deleteFunction(urn: string): Promise<void> {
    const request = new sdk.DeleteFunctionRequest().withFunctionUrn(urn);
    await this.unlessAbsent(`delete ${urn}`, () => this.client.deleteFunction(request));
  }

  async aliases(urn: string): Promise<ActualAlias[]> {
    const request = new sdk.ListVersionAliasesRequest().withFunctionUrn(urn);
    const answer = await this.call(`list the aliases of ${urn}`, () => this.client.listVersionAliases(request));
    return replies.aliases(answer);
  }

  /** Makes an alias, or points the one that is there to the version. */
  async createAlias(urn: string, alias: Pick<ActualAlias, 'name' | 'version' | 'description'>): Promise<void> {
    const request = new sdk.CreateVersionAliasRequest()
      .withFunctionUrn(urn)
      .withBody(alias as unknown as sdk.CreateVersionAliasRequestBody);
    try {
      await this.call(`create the alias ${alias.name} of ${urn}`, () => this.client.createVersionAlias(request));
    } catch (error) {
      if (!isPresent(error)) throw error;
      // FSS.1066 says that the version has an alias, which may be this one; else the update is refused, too.
      await this.moveAlias(urn, alias);
    }
  }

  async moveAlias(
    urn: string,
    { name, version, description }: Pick<ActualAlias, 'name' | 'version' | 'description'>,
  ): Promise<void> {
    const body = { version, description, additional_version_weights: {} };
    const request = new sdk.UpdateVersionAliasRequest()
      .withFunctionUrn(urn)
      .withAliasName(name)
      .withBody(body as unknown as sdk.UpdateVersionAliasRequestBody);
    await this.call(`move the alias ${name} of ${urn}`, () => this.client.updateVersionAlias(request));
  }

  async deleteAlias(urn: string, name: string): Promise<void> {
    const request = new sdk.DeleteVersionAliasRequest().withFunctionUrn(urn).withAliasName(name);
    await this.unlessAbsent(`delete the alias ${name} of ${urn}`, () => this.client.deleteVersionAlias(request));
  }

  async triggers(urn: string): Promise<ActualTrigger[]> {
    const request = new sdk.ListFunctionTriggersRequest().withFunctionUrn(urn);
    const answer = await this.call(`list the triggers of ${urn}`, () => this.client.listFunctionTriggers(request));
    return replies.triggers(answer);
  }

  /** One attempt, since a repeat could make a second trigger: whoever calls looks first whether the last one worked. */
  async createTriggerOnce(urn: string, type: string, data: Body): Promise<void> {
    const body = { trigger_type_code: type, event_data: data, trigger_status: 'ACTIVE' };
    const request = new sdk.CreateFunctionTriggerRequest()
      .withFunctionUrn(urn)
      .withBody(body as unknown as sdk.CreateFunctionTriggerRequestBody);
    const doing = `create the trigger ${type} of ${urn}`;
    await this.once(doing, () => this.client.createFunctionTrigger(request));
  }

  async enableTrigger(urn: string, { id, type }: Pick<ActualTrigger, 'id' | 'type'>): Promise<void> {
    const body = { trigger_status: 'ACTIVE' };
    const request = new sdk.UpdateTriggerRequest()
      .withFunctionUrn(urn)
      .withTriggerTypeCode(type)
      .withTriggerId(id)
      .withBody(body as unknown as sdk.UpdateTriggerRequestBody);
    await this.call(`enable the trigger ${type} of ${urn}`, () => this.client.updateTrigger(request));
  }

  async deleteTrigger(urn: string, { id, type }: Pick<ActualTrigger, 'id' | 'type'>): Promise<void> {
    const request = new sdk.DeleteFunctionTriggerRequest()
      .withFunctionUrn(urn)
      .withTriggerTypeCode(type)
      .withTriggerId(id);
    await this.unlessAbsent(`delete the trigger ${type} of ${urn}`, () => this.client.deleteFunctionTrigger(request));
  }

  /** Calls a function and waits for its answer. The result is the function's own text. */
  async invoke(urn: string, event: Body): Promise<Reply<typeof replies.invocation>> {
    const request = new sdk.InvokeFunctionRequest()
      .withFunctionUrn(urn)
      .withXCFFRequestVersion('v1')
      .withBody(event as Record<string, object>);
    return replies.invocation(await this.call(`call ${urn}`, () => this.client.invokeFunction(request)));
  }

  private async once<T>(doing: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (thrown) {
      throw apiError(doing, thrown);
    }
  }

  private call<T>(doing: string, send: () => Promise<T>): Promise<T> {
    return retrying(this.retries, isPassing, () => this.once(doing, send));
  }

  private async unlessAbsent<T>(doing: string, send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.call(doing, send);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  private async unlessPresent(doing: string, send: () => Promise<unknown>): Promise<'done' | 'present'> {
    try {
      await this.call(doing, send);
      return 'done';
    } catch (error) {
      if (isPresent(error)) return 'present';
      throw error;
    }
  }
}
