import { QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { createBrowserRouter, Outlet, RouterProvider } from 'react-router';
import { LanguageProvider, useLanguage } from '../kit/language';
import { queryClient } from '../kit/queries';
import { LoginPage } from './login-page';
import { useLittleMotion } from './motion';
import { NONCE } from './nonce';
import { NotFoundPage } from './not-found-page';
import { PAGES } from './pages';
import { PasswordPage } from './password-page';
import { RequireSession } from './session';
import { Shell } from './shell';
import { STILL_THEME, THEME } from './theme';

const router = createBrowserRouter([
  {
    element: <Outlet />,
    children: [
      { path: '/login', element: <LoginPage /> },
      { path: '/password', element: <PasswordPage /> },
      {
        element: (
          <RequireSession>
            <Shell />
          </RequireSession>
        ),
        children: [
          ...PAGES.map(({ path, Page }) => ({ path, element: <Page /> })),
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);

function Themed() {
  const { language } = useLanguage();
  const theme = useLittleMotion() ? STILL_THEME : THEME;
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={theme} csp={{ nonce: NONCE }}>
      <AntApp>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageProvider>
        <Themed />
      </LanguageProvider>
    </QueryClientProvider>
  );
}
