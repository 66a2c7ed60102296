import type { ThemeConfig } from 'antd';

/** Colours keep a contrast of 4.5 to 1 for text (WCAG AA); the tests let axe measure it. */
export const THEME: ThemeConfig = {
  token: {
    colorPrimary: '#0f5bd8',
    colorPrimaryHover: '#0b4fc0',
    colorPrimaryActive: '#083b92',
    colorInfo: '#0b4fc0',
    colorInfoBg: '#eef4ff',
    colorInfoBorder: '#b8cff5',
    colorLink: '#0b4fc0',
    colorLinkHover: '#083b92',
    colorLinkActive: '#062c6e',
    colorSuccess: '#1a7f37',
    colorSuccessBg: '#effaf2',
    colorSuccessBorder: '#9fd3ae',
    colorWarning: '#8a5a00',
    colorWarningBg: '#fff8e6',
    colorWarningBorder: '#e8cf8f',
    colorError: '#c62828',
    colorErrorHover: '#b01f1f',
    colorErrorActive: '#8f1818',
    colorTextPlaceholder: '#667085',
    colorTextDescription: '#5b6472',
    colorTextSecondary: '#4b5462',
    colorTextTertiary: '#5b6472',
    colorTextDisabled: '#596270',
    borderRadius: 6,
    fontFamily:
      "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif",
  },
  components: {
    Layout: { headerBg: '#ffffff', bodyBg: '#f4f6f9', headerHeight: 52 },
    Menu: { itemHeight: 34, itemMarginBlock: 1, subMenuItemBg: 'transparent', groupTitleColor: '#5b6472' },
    Table: { headerColor: '#2b3340', rowSelectedBg: '#eaf2ff', rowSelectedHoverBg: '#dfeaff' },
  },
};

/** The same for people who want little motion. */
export const STILL_THEME: ThemeConfig = { ...THEME, token: { ...THEME.token, motion: false } };
