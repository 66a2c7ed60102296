import { ExactObject, exactObjects, ShapeError } from '../exact-object';
import { parseExact } from '../json';
import type { TopMethod } from './method';
import { applyWrites, itemOf, modeOf, noSuchSku, quantityOf, SKUS_A_CALL_MAX } from './stock-write';
import { invalidArgument } from './top-error';

/** Up to 20 SKUs of one item, given as JSON. `outer_biz_key` makes an addition count once: a repeat succeeds unchanged. */
export const writeTmallStock: TopMethod = {
  of: 'seller',
  run: (params, shop, nowMs) => {
    const item = itemOf(shop, params.id('item_id'));
    const options = read('options', () => {
      const given = ExactObject.of(parseExact(params.optional('options') ?? '{}'), 'options');
      return { type: given.int('type')?.toString(), key: given.text('outer_biz_key') };
    });
    const mode = modeOf(options.type);
    const wanted = read('sku_quantities', () =>
      exactObjects(parseExact(params.text('sku_quantities')), 'sku_quantities').map((sku) => {
        return { skuId: sku.id('sku_id'), code: sku.text('outer_id'), quantity: sku.int('quantity') };
      }),
    );
    if (wanted.length === 0 || wanted.length > SKUS_A_CALL_MAX) {
      throw invalidArgument('sku_quantities', `一次 1 到 ${SKUS_A_CALL_MAX} 个 SKU`);
    }
    const writes = wanted.map(({ skuId, code, quantity }) => {
      const unit = item.units.find((sku) => (skuId === undefined ? sku.merchantCode === code : sku.skuId === skuId));
      if (unit === undefined) throw noSuchSku(skuId ?? code ?? '');
      return { unit, quantity: quantityOf(quantity?.toString() ?? '', mode, 'sku_quantities') };
    });
    const key = mode === 'add' && options.key !== undefined ? `${item.itemId}/${options.key}` : undefined;
    if (key !== undefined && shop.appliedKeys.has(key)) {
      shop.counters.idempotentRepeats += 1;
    } else {
      applyWrites(shop, writes, mode, nowMs);
      if (key !== undefined) shop.appliedKeys.add(key);
    }
    return { quantity_update_result: item.itemId };
  },
};

/** JSON that does not parse or has the wrong shape is an invalid argument of this name. */
function read<Value>(name: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ShapeError) throw invalidArgument(name, 'JSON 格式不正确');
    throw error;
  }
}
