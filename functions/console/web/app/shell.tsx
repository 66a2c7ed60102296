import {
  AppstoreOutlined,
  ClusterOutlined,
  DatabaseOutlined,
  HomeOutlined,
  LineChartOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  SettingOutlined,
  ShoppingCartOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { App, Breadcrumb, Button, Dropdown, Layout, Menu } from 'antd';
import type { ReactNode } from 'react';
import { Suspense, useEffect, useState } from 'react';
import { Link, Outlet, useLocation, useNavigate } from 'react-router';
import { callApi } from '../kit/api';
import { useErrorText } from '../kit/error-text';
import { texts, useLanguage, useTexts } from '../kit/language';
import { queryClient } from '../kit/queries';
import { BrandIcon } from './brand-icon';
import { ErrorBoundary } from './error-boundary';
import { LanguageSwitch } from './language-switch';
import type { MenuPlace } from './menu';
import { crumbsTo, MENU } from './menu';
import { PageLoading } from './page-loading';
import { SearchBox } from './search-box';
import { SESSION, useMay, useSession } from './session';
import { ShortcutHelp } from './shortcut-help';

const TEXTS = texts(
  {
    product: '一盘货',
    main: '主菜单',
    password: '修改密码',
    reference: 'API 文档',
    logout: '退出登录',
    fold: '收起菜单',
    unfold: '展开菜单',
    skip: '跳到内容',
    account: '账号',
  },
  {
    product: 'Yipan',
    main: 'Main menu',
    password: 'Change password',
    reference: 'API reference',
    logout: 'Log out',
    fold: 'Fold the menu',
    unfold: 'Unfold the menu',
    skip: 'Skip to content',
    account: 'Account',
  },
);

const ICONS: Record<NonNullable<MenuPlace['icon']>, ReactNode> = {
  home: <HomeOutlined />,
  orders: <ShoppingCartOutlined />,
  stock: <DatabaseOutlined />,
  operations: <LineChartOutlined />,
  strategies: <SettingOutlined />,
  interfaces: <ClusterOutlined />,
  master: <AppstoreOutlined />,
};

/** The frame around every page: menu, search, language, account. */
export function Shell() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { user } = useSession();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const admin = useMay('admin');
  const location = useLocation();
  const navigate = useNavigate();
  const [folded, setFolded] = useState(false);
  const crumbs = crumbsTo(location.pathname);
  const name = (place: MenuPlace): string => place[language];
  const title = crumbs.at(-1)?.[language];

  useEffect(() => {
    document.title = title === undefined ? t.product : `${title} · ${t.product}`;
  }, [title, t]);

  const items = (places: readonly MenuPlace[], above: string): object[] =>
    places
      .filter((place) => place.role !== 'admin' || admin)
      .map((place) => ({
        key: place.path ?? `${above}/${place.en}`,
        icon: place.icon && ICONS[place.icon],
        label: place.path === undefined ? name(place) : <Link to={place.path}>{name(place)}</Link>,
        ...(place.children && { children: items(place.children, `${above}/${place.en}`) }),
      }));

  const logout = async (): Promise<void> => {
    try {
      await callApi('DELETE', SESSION);
    } catch (error) {
      // Who believes to be logged out and is not leaves the session to the next person.
      void message.error(errorText(error), 8);
      return;
    }
    queryClient.clear();
    window.location.assign('/login');
  };

  return (
    <Layout className="shell">
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <Layout.Sider theme="light" width={232} collapsedWidth={56} collapsed={folded} trigger={null}>
        <Link to="/" className="brand" aria-label={t.product}>
          <BrandIcon />
          {!folded && <span>{t.product}</span>}
        </Link>
        <nav aria-label={t.main}>
          <Menu
            mode="inline"
            selectedKeys={crumbs.flatMap((place) => place.path ?? [])}
            defaultOpenKeys={openKeys(MENU, '')}
            items={items(MENU, '') as never}
          />
        </nav>
      </Layout.Sider>
      <Layout>
        <Layout.Header className="top">
          <Button
            type="text"
            aria-label={folded ? t.unfold : t.fold}
            icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
            onClick={() => setFolded(!folded)}
          />
          <SearchBox />
          <span className="stretch" />
          <ShortcutHelp />
          <LanguageSwitch />
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                { key: 'password', label: t.password, onClick: () => void navigate('/password') },
                { key: 'reference', label: <a href="/api/reference">{t.reference}</a> },
                { type: 'divider' },
                { key: 'logout', label: t.logout, onClick: () => void logout() },
              ],
            }}
          >
            <Button type="text" icon={<UserOutlined />} aria-label={`${t.account}: ${user.name}`}>
              {user.name}
            </Button>
          </Dropdown>
        </Layout.Header>
        <Layout.Content id="content" className="content" role="main">
          {crumbs.length > 1 && (
            <Breadcrumb
              items={crumbs.map((place) => ({
                title: place.path === undefined ? name(place) : <Link to={place.path}>{name(place)}</Link>,
              }))}
            />
          )}
          <ErrorBoundary key={location.pathname}>
            <Suspense fallback={<PageLoading />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

/** All groups stand open: a menu of one screen needs no unfolding. */
function openKeys(places: readonly MenuPlace[], above: string): string[] {
  return places.flatMap((place) =>
    place.children ? [`${above}/${place.en}`, ...openKeys(place.children, `${above}/${place.en}`)] : [],
  );
}
