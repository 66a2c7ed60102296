import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { timeText } from '../../kit/format';
import type { Language } from '../../kit/language';
import type { Tone } from '../../kit/status-tag';
import { hardReasons, reasonText } from './audit-reasons';
import { heldUpBy } from './holding-up';

/** Where an order stands and what is to do next, as one sentence. */
export interface NextStep {
  readonly tone: Tone;
  readonly text: string;
}

/** `warehouse` is the name of the order's warehouse. */
export function nextStep(order: DeliveryOrderView, warehouse: string, language: Language): NextStep {
  const say = (tone: Tone, zh: string, en: string): NextStep => ({ tone, text: language === 'zh' ? zh : en });
  if (order.goal === 'ship' && order.status !== 'shipped')
    return say('busy', '正在出库：库存扣减完成后变为已发货。', 'Shipping: it is shipped once its stock is taken out.');
  switch (order.status) {
    case 'pending-allocation':
      return say('busy', '正在占用库存，通常几秒内完成。', 'Its stock is being held; this takes seconds.');
    case 'out-of-stock':
      return say(
        'wait',
        `${heldUpBy(order, language)}。入库或分货到${warehouse}后会自动占用，无需操作。`,
        `It ${heldUpBy(order, language)}. Stock that comes into ${warehouse} is held for it by itself.`,
      );
    case 'pending-audit':
      return pendingAudit(order, language);
    case 'audited':
      return say(
        'good',
        `已释放给${warehouse}，等待仓库开始配货。`,
        `Released to warehouse ${warehouse}, which is to begin picking.`,
      );
    case 'picking':
      return say(
        'busy',
        '仓库配货中，包裹交运后点“发货出库”。',
        'It is being picked; press “Ship” when the parcel leaves.',
      );
    case 'shipped':
      return say('good', '已发货，库存已扣减，无需操作。', 'Shipped, its stock is taken out; nothing is left to do.');
    case 'cancelled':
      return order.holds.some(({ heldQty, intent }) => heldQty > 0 || intent)
        ? say('busy', '已取消，占用的库存正在释放。', 'Cancelled; the stock that it holds is being given back.')
        : say('off', '已取消，未占用库存，无需操作。', 'Cancelled, holds no stock; nothing is left to do.');
    case 'exception':
      return say(
        'bad',
        `需要人工处理：${order.log[0]?.content ?? ''}。与仓库核对后，可${order.actions.includes('resume') ? '恢复处理、' : ''}发货出库或取消。`,
        `A person must look at it (${order.log[0]?.content ?? ''}). Ask the warehouse, then ${order.actions.includes('resume') ? 'resume, ' : ''}ship or cancel it.`,
      );
  }
}

/** Why an order waits for its audit, and whether a person can pass it. */
function pendingAudit({ audit }: DeliveryOrderView, language: Language): NextStep {
  const zh = language === 'zh';
  if (!audit)
    return { tone: 'busy', text: zh ? '等待自动审核，通常几秒内完成。' : 'Waits for its audit; this takes seconds.' };
  const why = audit.reasons.map((reason) => reasonText(reason, language)).join(zh ? '；' : '; ');
  const hard = hardReasons(audit.reasons).length > 0;
  if (hard)
    return {
      tone: 'wait',
      text: zh
        ? `自动审核未通过：${why}。人工也不能通过，情况变化后会自动再审。`
        : `The rules stop it: ${why}. Neither can a person pass it; it is audited anew once that changes.`,
    };
  const again = audit.againAtMs === null ? '' : timeText(audit.againAtMs);
  if (again !== '')
    return {
      tone: 'wait',
      text: zh
        ? `自动审核暂未通过：${why}。${again} 自动再审，也可人工审核。`
        : `The rules stop it for now: ${why}. They look again at ${again}; a person may pass it before.`,
    };
  return {
    tone: 'wait',
    text: zh
      ? `自动审核未通过：${why}。请核对后人工审核。`
      : `The rules stop it: ${why}. Look at it and audit it by hand.`,
  };
}
