import { PAGE_SCRIPT } from './script';
import { PAGE_STYLE } from './style';

/** One page without any outside resource; everything variable comes through the control API and is inserted as text. */
export function renderPage(): string {
  return PAGE;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";

const PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="${POLICY}">
<title>平台沙箱 · 卖家后台</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
  <div>
    <h1>平台沙箱 <small>Platform sandbox</small></h1>
    <p>店铺在平台上的样子：买家下单减库存，同步写回库存。<span class="en">What buyers see: buying takes stock, sync writes it back.</span></p>
  </div>
  <div class="tools">
    <input id="search" type="search" placeholder="查找商品 / 编码" aria-label="查找商品 Search items">
    <span id="pulse" class="pulse" title="每秒刷新 Refreshes every second">连接中</span>
  </div>
</header>
<main>
  <section id="shops" class="shops" aria-label="店铺 Shops"></section>
  <section class="card">
    <h2>最新订单 <small>Latest orders</small></h2>
    <div class="scroll">
      <table class="orders">
        <thead><tr>
          <th>订单号<small>Order</small></th><th>店铺<small>Shop</small></th><th>商品<small>Lines</small></th>
          <th class="num">金额<small>Total</small></th><th>状态<small>Status</small></th><th>操作<small>Actions</small></th>
        </tr></thead>
        <tbody id="orders"><tr><td colspan="6" class="empty">还没有订单 <small>No orders yet</small></td></tr></tbody>
      </table>
    </div>
  </section>
</main>
<div id="notice" class="notice" role="status" aria-live="polite"></div>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
