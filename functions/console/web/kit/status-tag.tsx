import { Tag } from 'antd';

/** How a status looks; what it says is always written, too. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'off';

/** Colours of the theme, whose contrast is good enough to read. */
const COLOURS: Record<Tone, string> = {
  good: 'success',
  busy: 'processing',
  wait: 'warning',
  bad: 'error',
  off: 'default',
};

export function StatusTag({ tone, children }: { tone: Tone; children: string }) {
  return (
    <Tag color={COLOURS[tone]} variant="outlined" className={`tone-${tone}`}>
      {children}
    </Tag>
  );
}
