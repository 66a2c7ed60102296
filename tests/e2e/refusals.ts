import { until } from '../../infra/local/demo/api';
import type { ApiUser } from '../../shared/secrets';
import { LocalWorld } from './local-world';
import type { Answer } from './raw-http';
import { send } from './raw-http';
import type { Goods } from './steps';
import { auditEverything, documents, offer, untilIdle } from './steps';

/** Programs with each of the lower roles. */
export const USERS: Record<'viewer' | 'operator' | 'strategist', ApiUser> = {
  viewer: { token: 'token-of-the-viewer', id: 'v', name: '查看', role: 'viewer' },
  operator: { token: 'token-of-the-operator', id: 'o', name: '运营', role: 'operator' },
  strategist: { token: 'token-of-the-strategist', id: 's', name: '策略', role: 'strategist' },
};

/** A host that is sent what it must refuse, with goods that both shops sell and a strategy that audits every order. */
export class Refusals {
  private constructor(
    readonly world: LocalWorld,
    readonly goods: Goods,
  ) {}

  static async start(): Promise<Refusals> {
    const world = await LocalWorld.start({ users: Object.values(USERS) });
    const goods = await offer(world, 'BAD-1', { shown: 100, onHand: 10 });
    await auditEverything(world);
    await until('the strategy has been offered to all orders', 10_000, async () => {
      const { rows } = await world.host.get<{ rows: { spreadPending: boolean }[] }>('/api/audit-strategies');
      return rows.every(({ spreadPending }) => !spreadPending);
    });
    return new Refusals(world, goods);
  }

  get adminToken(): string {
    return this.world.secrets.users[0]?.token ?? '';
  }

  /** A call of the API with a body as text or as a value, of an admin unless it is told otherwise. */
  readonly api = (method: string, path: string, body?: unknown, token = this.adminToken): Promise<Answer> => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return send(method, `${this.world.hostUrl}${path}`, { token, ...(text !== undefined && { text }) });
  };

  /** Expects a refusal in both languages that left every stored document as it was. */
  readonly expectRefused = async (
    call: () => Promise<Answer>,
    status: number,
    code: string,
    facts: object = {},
  ): Promise<Answer> => {
    await untilIdle(this.world);
    const before = await documents(this.world);
    const answer = await call();
    expect(answer).toMatchObject({ status, body: { code, facts } });
    expect(answer.body['message']).toMatch(/\p{Script=Han}/u);
    expect(answer.body['messageEn']).toMatch(/^[ -~]+$/);
    expect(await documents(this.world)).toEqual(before);
    return answer;
  };
}
