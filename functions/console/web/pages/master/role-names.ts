import type { Role } from '../../../../../shared/domain/user/user';
import type { Language } from '../../kit/language';

/** Roles 角色 from the lowest to the highest; each may do what those before it may. */
export const ROLE: Record<Language, Record<Role, string>> = {
  zh: { viewer: '查看', operator: '操作', strategist: '策略', admin: '管理员' },
  en: { viewer: 'Viewer', operator: 'Operator', strategist: 'Strategist', admin: 'Admin' },
};

/** What each role may do beyond those before it. */
export const ROLE_MAY: Record<Language, Record<Role, string>> = {
  zh: {
    viewer: '查看所有页面，导出 CSV，不能改动任何内容',
    operator: '另可处理订单（审核、取消、转换）、分货单、出入库单、商品对应和重新推送',
    strategist: '另可设置比例同步策略、例外比例、店铺策略和自动审核',
    admin: '另可维护店铺、仓库、商品和用户',
  },
  en: {
    viewer: 'sees every page and exports CSV, changes nothing',
    operator: 'also handles orders (audit, cancel, convert), allocation orders, stock entries, mappings and pushes',
    strategist: 'also sets ratio sync strategies, exceptions, shop strategies and auto audit',
    admin: 'also keeps shops, warehouses, SKUs and users',
  },
};
