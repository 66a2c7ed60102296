import type { ActualFunction, AliasNote } from './actual-state';
import type { DesiredFunction } from './desired-state';
import type { ActualTrigger, Change, DesiredTrigger } from './triggers';

/** Which of a function's two places failure handling is set for. */
export type Qualifier = 'latest' | 'live';

/** One change to the platform. Each can be repeated: done twice it is as if done once. */
export type Step =
  | { readonly kind: 'create-function'; readonly of: DesiredFunction }
  | { readonly kind: 'update-code'; readonly of: DesiredFunction; readonly from: string }
  | { readonly kind: 'update-configuration'; readonly of: DesiredFunction; readonly changes: readonly Change[] }
  | { readonly kind: 'limit-instances'; readonly of: DesiredFunction; readonly from: number | undefined }
  | {
      readonly kind: 'handle-failures';
      readonly of: DesiredFunction;
      readonly qualifier: Qualifier;
      readonly changes: readonly Change[];
    }
  | {
      readonly kind: 'delete-version';
      readonly of: { readonly name: string; readonly urn: string };
      readonly version: string;
    }
  | { readonly kind: 'publish-version'; readonly of: DesiredFunction }
  | {
      readonly kind: 'test-version';
      readonly of: { readonly name: string; readonly urn: string };
      readonly version: string;
    }
  | {
      readonly kind: 'create-alias';
      readonly of: DesiredFunction;
      readonly note: AliasNote;
    }
  | {
      readonly kind: 'move-alias';
      readonly of: { readonly name: string; readonly urn: string };
      readonly from: string;
      readonly to: string;
      readonly note: AliasNote;
    }
  | { readonly kind: 'create-trigger'; readonly of: DesiredFunction; readonly trigger: DesiredTrigger }
  | { readonly kind: 'enable-trigger'; readonly of: DesiredFunction; readonly trigger: ActualTrigger }
  | {
      readonly kind: 'delete-trigger';
      readonly of: { readonly name: string; readonly aliasUrn: string };
      readonly trigger: ActualTrigger;
      readonly why: string;
    }
  | { readonly kind: 'delete-alias'; readonly of: { readonly name: string; readonly urn: string } }
  | { readonly kind: 'delete-function'; readonly of: ActualFunction; readonly why: string };
