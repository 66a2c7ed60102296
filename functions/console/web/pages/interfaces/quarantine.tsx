import { Tabs } from 'antd';
import { texts, useTexts } from '../../kit/language';
import { useUrlState } from '../../kit/url-state';
import { ParkedMessages } from './parked-messages';
import { QuarantinedItems } from './quarantined-items';

const TEXTS = texts(
  { unread: '读不懂的报文', parked: '搁置的消息', kinds: '隔离区内容' },
  { unread: 'What could not be read', parked: 'Parked messages', kinds: 'Kinds of what is kept aside' },
);

/** 隔离区: what a platform sent and we could not read, and what a function could not do. Nothing here is lost. */
export default function QuarantinePage() {
  const t = useTexts(TEXTS);
  const { state, set } = useUrlState();
  const parked = state['tab'] === 'parked';
  const tabs = (
    <Tabs
      aria-label={t.kinds}
      activeKey={parked ? 'parked' : 'unread'}
      items={[
        { key: 'unread', label: t.unread },
        { key: 'parked', label: t.parked },
      ]}
      onChange={(tab) =>
        set({ tab: tab === 'parked' ? tab : null, ...{ after: null, shopId: null, fromMs: null, toMs: null } })
      }
    />
  );
  return parked ? <ParkedMessages tabs={tabs} /> : <QuarantinedItems tabs={tabs} />;
}
