/** Runs in the browser. Nothing is ever inserted as markup: `el` sets text only. */
export const PAGE_SCRIPT = String.raw`
'use strict';
const ITEMS_SHOWN = 50, ORDERS_SHOWN = 30;
const CHANNEL = { taobao: '淘宝/天猫', doudian: '抖店' };
const STATUS = {
  'unpaid': ['待付款', 'wait'], 'deposit-paid': ['已付定金', 'wait'], 'must-not-ship': ['已付款 暂不可发', 'wait'],
  'to-ship': ['待发货', 'go'], 'shipped': ['已发货', 'go'], 'closed-unpaid': ['已关闭 未付款', 'end'], 'closed-refunded': ['已关闭 已退款', 'end'],
};
const REFUND = { requested: '退款中', agreed: '已退款', refused: '退款已拒绝' };
const byId = (id) => document.getElementById(id);
const units = new Map(), shopCards = new Map();
let ordersText = '', noticeTimer = 0, busy = false;

function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) node[name] = value;
  node.append(...children.filter((child) => child !== null));
  return node;
}
function setText(node, text) { if (node.textContent !== text) node.textContent = text; }
function yuan(fen) { return '¥' + (fen / 100).toFixed(2); }
function time(ms) { return new Date(ms).toLocaleTimeString('zh-CN', { hour12: false }); }

async function call(path, body) {
  const response = await fetch(path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.code === 'SOLD_OUT' ? '库存不足 Sold out — ' + answer.message : answer.message);
  return answer;
}
function notice(text, bad) {
  const box = byId('notice');
  setText(box, text);
  box.className = 'notice show' + (bad ? ' bad' : '');
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { box.className = 'notice'; }, 4000);
}
async function act(path, body, done) {
  try { const answer = await call(path, body); notice(done(answer), false); } catch (error) { notice(error.message, true); }
  await refresh();
}

function shopCard(shop) {
  const figures = el('span', { className: 'figures' }), body = el('tbody');
  const head = ['商品 / 规格|Item', '商家编码|Code', '价格|Price', '平台库存|Shown', '已售|Sold', '购买|Buy'].map((label, at) => {
    const [zh, en] = label.split('|');
    return el('th', { className: at > 1 && at < 5 ? 'num' : '' }, zh, el('small', {}, en));
  });
  const more = el('div', { className: 'sub' });
  const card = el('article', { className: 'card' },
    el('div', { className: 'top' },
      el('span', { className: 'badge ' + shop.channel }, CHANNEL[shop.channel] || shop.channel),
      el('h2', {}, shop.title + ' ', el('small', {}, shop.shopId)), figures),
    el('div', { className: 'scroll' }, el('table', {}, el('thead', {}, el('tr', {}, ...head)), body)), more);
  byId('shops').append(card);
  return { figures, body, more };
}
function unitRow(item, unit) {
  const cells = { name: el('span'), ids: el('span', { className: 'sub mono' }), code: el('span', { className: 'mono code' }), price: el('span'), stock: el('span', { className: 'stock' }), sold: el('span') };
  const quantity = el('input', { type: 'number', min: '1', value: '1', ariaLabel: '数量 Quantity' });
  const pay = el('select', { ariaLabel: '付款 Payment' }, el('option', { value: 'paid' }, '已付款'), el('option', { value: 'unpaid' }, '未付款'));
  const buy = el('button', { className: 'buy', title: 'Buy' }, '购买');
  buy.onclick = () => act('/sandbox/orders',
    { shopId: item.shopId, lines: [{ itemId: item.itemId, skuId: unit.skuId, quantity: Number(quantity.value) }], pay: pay.value === 'paid' },
    (answer) => '下单成功 Ordered — ' + answer.orderNo);
  const row = el('tr', {}, el('td', { className: 'name' }, cells.name, cells.ids), el('td', {}, cells.code), el('td', { className: 'num' }, cells.price),
    el('td', { className: 'num' }, cells.stock), el('td', { className: 'num' }, cells.sold), el('td', { className: 'act' }, quantity, pay, buy));
  return { row, cells, buy };
}
function showUnit(item, unit) {
  const key = item.shopId + '/' + item.itemId + '/' + (unit.skuId || '');
  const shown = units.get(key) || unitRow(item, unit);
  const before = shown.cells.stock.textContent;
  setText(shown.cells.name, unit.skuId ? item.title + ' · ' + unit.title : item.title);
  setText(shown.cells.ids, item.itemId + (unit.skuId ? ' /\u200b' + unit.skuId : ''));
  setText(shown.cells.code, unit.merchantCode || '—');
  setText(shown.cells.price, yuan(unit.priceFen));
  setText(shown.cells.sold, String(unit.soldQty));
  setText(shown.cells.stock, String(unit.stockQty));
  shown.buy.disabled = unit.stockQty === 0;
  const moved = before !== '' && before !== String(unit.stockQty);
  if (moved) { shown.cells.stock.classList.remove('moved'); void shown.cells.stock.offsetWidth; }
  shown.cells.stock.classList.toggle('out', unit.stockQty === 0);
  if (moved) shown.cells.stock.classList.add('moved');
  units.set(key, shown);
  return shown.row;
}
function showShop(shop, items) {
  if (!shopCards.has(shop.shopId)) shopCards.set(shop.shopId, shopCard(shop));
  const card = shopCards.get(shop.shopId);
  setText(card.figures, shop.orders + ' 单 orders · ' + shop.messagesWaiting + ' 条消息待确认 messages waiting');
  const rows = items.flatMap((item) => item.skus.length > 0 ? item.skus.map((sku) => showUnit(item, sku)) : [showUnit(item, { ...item, skuId: null })]);
  const same = rows.length === card.body.children.length && rows.every((row, at) => row === card.body.children[at]);
  if (!same) card.body.replaceChildren(...rows);
  if (rows.length === 0 && card.body.children.length === 0) card.body.append(el('tr', {}, el('td', { colSpan: 6, className: 'empty' }, '没有商品 No items')));
  setText(card.more, items.length < shop.items ? '显示 ' + items.length + ' / ' + shop.items + ' 个商品，可用上方查找 Showing a part: search above' : '');
}

function lineNode(order, line, open) {
  const refund = (action, label) => el('button', { title: action + ' refund', onclick: () => act('/sandbox/orders/' + order.orderNo + '/refund', { lineNo: line.lineNo, action }, () => label + ' ✓') }, label);
  const buttons = !open ? [] : line.refund === 'requested' ? [refund('agree', '同意退款'), refund('refuse', '拒绝')] : line.refund === 'agreed' ? [] : [refund('request', '申请退款')];
  return el('div', { className: 'line' }, el('span', {}, line.title + ' × ' + line.quantity + (line.gift ? '（赠品）' : '')),
    el('span', { className: 'mono sub' }, line.merchantCode), line.refund === 'none' ? null : el('span', { className: 'chip back' }, REFUND[line.refund]), ...buttons);
}
function orderRow(order) {
  const move = (name, label, className) => el('button', { className: className || '', title: name, onclick: () => act('/sandbox/orders/' + order.orderNo + '/' + name, {}, () => label + ' ✓ ' + order.orderNo) }, label);
  const is = (...names) => names.includes(order.status);
  const [label, tone] = STATUS[order.status] || [order.status, ''];
  const buttons = [
    is('unpaid', 'deposit-paid') ? move('pay', '付款') : null, is('must-not-ship') ? move('release', '放行') : null, is('to-ship') ? move('ship', '发货') : null,
    is('unpaid', 'deposit-paid', 'must-not-ship', 'to-ship') ? move('cancel', '取消', 'risky') : null,
  ];
  return el('tr', {},
    el('td', {}, el('span', { className: 'mono' }, order.orderNo), el('span', { className: 'sub' }, time(order.createdAtMs) + ' · ' + order.buyerNick)),
    el('td', {}, order.shopId), el('td', {}, ...order.lines.map((line) => lineNode(order, line, is('must-not-ship', 'to-ship', 'shipped')))),
    el('td', { className: 'num' }, yuan(order.totalFen)),
    el('td', {}, el('span', { className: 'chip ' + tone }, label), el('span', { className: 'sub mono' }, order.platformStatus)), el('td', { className: 'act' }, ...buttons));
}

async function refresh() {
  if (busy) return;
  busy = true;
  const pulse = byId('pulse');
  try {
    const query = '?limit=' + ITEMS_SHOWN + '&contains=' + encodeURIComponent(byId('search').value.trim());
    const [shops, items, orders] = await Promise.all([call('/sandbox/shops'), call('/sandbox/items' + query), call('/sandbox/orders?latest=true&limit=' + ORDERS_SHOWN)]);
    for (const shop of shops.shops) showShop(shop, items.items.filter((item) => item.shopId === shop.shopId));
    const text = JSON.stringify(orders.orders.map((order) => ({ ...order, messages: 0 })));
    if (text !== ordersText && orders.orders.length > 0) byId('orders').replaceChildren(...orders.orders.map(orderRow));
    ordersText = text;
    pulse.className = 'pulse';
    setText(pulse, '实时 live');
  } catch (error) {
    pulse.className = 'pulse off';
    setText(pulse, '连接中断 offline');
  } finally {
    busy = false;
  }
}
byId('search').oninput = () => void refresh();
setInterval(() => void refresh(), 1000);
void refresh();
`;
