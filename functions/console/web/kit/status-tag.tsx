import { Tag } from 'antd';

/** How a status looks; what it says is always written, too. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'off';

const COLOURS: Record<Tone, string> = { good: 'green', busy: 'blue', wait: 'gold', bad: 'red', off: 'default' };

export function StatusTag({ tone, children }: { tone: Tone; children: string }) {
  return (
    <Tag color={COLOURS[tone]} variant="outlined" className={`tone-${tone}`}>
      {children}
    </Tag>
  );
}
