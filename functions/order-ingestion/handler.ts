import { AppError } from '../../shared/errors';
import { connectBus } from '../../shared/platform/connect-bus';
import { defineFunction } from '../../shared/platform/define-function';
import { pollMessages } from './poll-messages';
import { pullModified } from './pull-modified';
import { receivePush } from './receive-push';

/** Order ingestion 订单接入: platform orders in, by push, by polling, and by the pull that finds what both missed. */
export const handler = defineFunction(
  'order-ingestion',
  { bus: connectBus },
  {
    http: (request, run) => receivePush(request, run.ports),
    timer: (task, run) => {
      if (task === 'poll-messages') return pollMessages(run);
      if (task === 'pull-modified') return pullModified(run);
      throw new AppError('BAD_EVENT', { task, tasks: ['poll-messages', 'pull-modified'] });
    },
  },
);
