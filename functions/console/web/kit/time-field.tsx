import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { epochMsFromShanghaiText, shanghaiText } from '../../../../shared/domain/kernel/time';

/** A time in Shanghai, wherever the browser is; its value is epoch ms, null for none. */
export function TimeField(props: {
  readonly id?: string;
  readonly value?: number | null;
  readonly onChange?: (atMs: number | null) => void;
  readonly disabled?: boolean;
  readonly placeholder?: string;
}) {
  return (
    <DatePicker
      {...(props.id !== undefined && { id: props.id })}
      {...(props.disabled !== undefined && { disabled: props.disabled })}
      {...(props.placeholder !== undefined && { placeholder: props.placeholder })}
      showTime
      format="YYYY-MM-DD HH:mm:ss"
      value={typeof props.value === 'number' ? dayjs(shanghaiText(props.value)) : null}
      onChange={(_value, written) =>
        props.onChange?.((typeof written === 'string' ? epochMsFromShanghaiText(written) : undefined) ?? null)
      }
    />
  );
}
