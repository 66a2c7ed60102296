import type { Agent } from 'node:http';
import { request } from 'node:http';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly agent: Agent;
  readonly timeoutMs: number;
}

/** `unreachable`: nobody listens there. Any other failure, a time-out included, is no answer. */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'unreachable' };

const ANSWER_CHARS_MAX = 65_536;
const NOBODY_THERE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EADDRNOTAVAIL']);

/** Posts once and never throws: the outcome says what came of it. */
export function postJson(post: Post): Promise<PostOutcome> {
  return new Promise((resolve) => {
    const { url, headers, body, agent, timeoutMs } = post;
    const call = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    const deadline = setTimeout(() => call.destroy(), timeoutMs);
    const settle = (outcome: PostOutcome): void => {
      clearTimeout(deadline);
      resolve(outcome);
    };
    call.on('error', (error: NodeJS.ErrnoException) =>
      settle({ kind: NOBODY_THERE.has(error.code ?? '') ? 'unreachable' : 'no-answer' }),
    );
    call.on('close', () => settle({ kind: 'no-answer' }));
    call.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        if (text.length < ANSWER_CHARS_MAX) text += piece;
      });
      answer.on('end', () => settle({ kind: 'answered', status: answer.statusCode ?? 0, body: text }));
      answer.on('error', () => settle({ kind: 'no-answer' }));
    });
    call.end(body);
  });
}
