/** Orders as the platforms send them: Chinese text, masked receivers, ids beyond 2^53 as bare numbers. Made up. */

export interface SampleOptions {
  /** Fields of the order, put over those below. */
  readonly order?: Readonly<Record<string, unknown>>;
  /** Fields of each line; a line for each. */
  readonly lines?: readonly Readonly<Record<string, unknown>>[];
}

const TAOBAO_LINE = {
  oid: '#2600000000123456790#',
  num_iid: 654321098765,
  sku_id: '4711000000001',
  outer_iid: 'TEE',
  outer_sku_id: 'TEE-RED-L',
  title: '纯棉短袖T恤男夏季新款',
  sku_properties_name: '颜色分类:红色;尺码:L',
  num: 2,
  price: '99.50',
  total_fee: '199.00',
  discount_fee: '0.00',
  adjust_fee: '0.00',
  payment: '199.00',
  divide_order_fee: '189.00',
  part_mjz_discount: '10.00',
  status: 'WAIT_SELLER_SEND_GOODS',
  refund_status: 'NO_REFUND',
  is_oversold: false,
};

/** What `taobao.trade.fullinfo.get` answers for a paid trade of ¥197.00 with ¥8.00 freight. */
export function taobaoTradeText({ order = {}, lines = [{}] }: SampleOptions = {}): string {
  const trade = {
    tid: '#2600000000123456789#',
    status: 'WAIT_SELLER_SEND_GOODS',
    type: 'fixed',
    created: '2026-03-08 14:04:51',
    modified: '2026-03-08 14:05:09',
    pay_time: '2026-03-08 14:05:08',
    payment: '197.00',
    total_fee: '199.00',
    discount_fee: '10.00',
    post_fee: '8.00',
    buyer_nick: '小**',
    buyer_message: '周五前送到，谢谢',
    seller_memo: '老客户',
    seller_flag: 1,
    receiver_name: '张**',
    receiver_mobile: '138****0000',
    receiver_phone: '',
    receiver_state: '浙江省',
    receiver_city: '杭州市',
    receiver_district: '余杭区',
    receiver_address: '五常街道**路**号',
    oaid: '1VnCBPNE6ZbX0wyEVqnPbM2Bdn5ak',
    orders: { order: lines.map((line) => ({ ...TAOBAO_LINE, ...line })) },
    ...order,
  };
  return withBareNumbers({ trade_fullinfo_get_response: { trade, request_id: '16ehpkjwlbscl' } });
}

const DOUDIAN_LINE = {
  order_id: '6917525312345678902',
  parent_order_id: '6917525312345678901',
  product_id: '#3473196049974326153#',
  product_id_str: '3473196049974326153',
  sku_id: '#1736502463777799123#',
  out_sku_id: '0',
  code: 'TEE-RED-L',
  product_name: '纯棉短袖T恤男夏季新款',
  spec: [{ name: '颜色', value: '红色' }],
  item_num: 2,
  origin_amount: 9950,
  sum_amount: 19900,
  order_amount: 19900,
  pay_amount: 18900,
  post_amount: 0,
  promotion_amount: 1000,
  order_status: 2,
  pre_sale_type: 0,
  trade_type: 0,
  given_product_type: '',
  reduce_stock_type: 1,
  after_sale_info: { after_sale_status: 0, after_sale_type: 0, refund_status: 0 },
};

/** What `order.orderDetail` answers for a paid order of ¥197.00 with ¥8.00 freight. */
export function doudianOrderText({ order = {}, lines = [{}] }: SampleOptions = {}): string {
  const detail = {
    order_id: '6917525312345678901',
    order_status: 2,
    order_status_desc: '备货中',
    main_status: 2,
    order_type: 0,
    create_time: 1772949891,
    pay_time: 1772949900,
    update_time: 1772949909,
    ship_time: 0,
    order_amount: 20700,
    pay_amount: 19700,
    post_amount: 800,
    buyer_words: '周五前送到，谢谢',
    seller_words: '老客户',
    seller_remark_stars: 0,
    doudian_open_id: '1@#iAhPVg0GqFQ',
    open_address_id: '#rOaXsKkP2v',
    encrypt_post_receiver: '##AbC/==',
    post_receiver: '',
    mask_post_receiver: '张**',
    mask_post_tel: '138****0000',
    mask_post_addr: {
      province: { name: '浙江省', id: '33' },
      city: { name: '杭州市', id: '330100' },
      town: { name: '余杭区', id: '330110' },
      street: { name: '五常街道', id: '330110012' },
      detail: '**路**号',
    },
    order_phase_list: [],
    sku_order_list: lines.map((line) => ({ ...DOUDIAN_LINE, ...line })),
    ...order,
  };
  return withBareNumbers({
    code: 10000,
    msg: 'success',
    sub_code: '',
    sub_msg: '',
    data: { shop_order_detail: detail },
  });
}

/** `"#123#"` becomes the bare number 123, which no JavaScript value can write where it exceeds 2^53. */
function withBareNumbers(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"#(\d+)#"/g, '$1');
}
